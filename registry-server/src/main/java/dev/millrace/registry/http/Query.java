package dev.millrace.registry.http;

import dev.millrace.registry.error.MillraceException;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/** The query of a request below {@code /api/v1}: names that are known, each with its type. */
public final class Query {
    private final Context http;

    private Query(Context http) {
        this.http = http;
    }

    /** @throws MillraceException USAGE for a parameter that is not among {@code known} */
    public static Query of(Context http, String... known) {
        List<String> names = List.of(known);
        for (String name : http.queryParamMap().keySet()) {
            if (!names.contains(name)) {
                throw MillraceException.invalid("`" + name + "` is no parameter here. Known: "
                        + (names.isEmpty() ? "none" : String.join(", ", names)) + ".");
            }
        }
        return new Query(http);
    }

    /** Absent when empty. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(http.queryParam(name)).filter(value -> !value.isEmpty());
    }

    /** A whole number from 0 on. */
    public Optional<Long> whole(String name) {
        return text(name).map(text -> {
            if (text.matches("[0-9]{1,18}")) return Long.parseLong(text);
            throw MillraceException.invalid("`" + name + "` must be a whole number from 0 on, not '" + text + "'.");
        });
    }

    /** A whole number from 1 to {@code most}. */
    public int wholeUpTo(String name, int usual, int most) {
        return text(name)
                .map(text -> {
                    if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= most) {
                        return Integer.parseInt(text);
                    }
                    throw MillraceException.invalid(
                            "`" + name + "` must be a whole number from 1 to " + most + ", not '" + text + "'.");
                })
                .orElse(usual);
    }
}
