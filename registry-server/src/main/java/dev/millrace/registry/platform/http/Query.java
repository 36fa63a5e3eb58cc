package dev.millrace.registry.platform.http;

import dev.millrace.registry.platform.error.MillraceException;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A query of {@code /api/v1}: empty parameters count as absent, what cannot be read is refused by its name. */
public final class Query {
    private final Context http;

    private Query(Context http) {
        this.http = http;
    }

    /** @throws MillraceException USAGE for a parameter that is not among {@code known} */
    public static Query of(Context http, String... known) {
        List<String> names = List.of(known);
        for (String name : http.queryParamMap().keySet()) {
            if (names.contains(name)) continue;
            throw MillraceException.invalid("`" + name + "` is no parameter here. Known: "
                    + (names.isEmpty() ? "none" : String.join(", ", names)) + ".");
        }
        return new Query(http);
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(http.queryParam(name)).filter(value -> !value.isEmpty());
    }

    /** As it was given, where empty means something, too. */
    public Optional<String> given(String name) {
        return Optional.ofNullable(http.queryParam(name));
    }

    /** A whole number from 0 on. */
    public Optional<Long> whole(String name) {
        return text(name).map(text -> {
            if (text.matches("[0-9]{1,18}")) return Long.parseLong(text);
            throw MillraceException.invalid("`" + name + "` must be a whole number from 0 on, not '" + text + "'.");
        });
    }

    /**
     * {@code max_results}.
     *
     * @param usual when absent
     * @param most the greatest allowed
     */
    public int maxResults(int usual, int most) {
        return wholeUpTo("max_results", usual, most);
    }

    /** A whole number from 1 to {@code most}; absent: {@code usual}. */
    public int wholeUpTo(String name, int usual, int most) {
        String text = text(name).orElse(String.valueOf(usual));
        if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) > 0 && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw MillraceException.invalid(
                "`" + name + "` must be a whole number from 1 to " + most + ", not '" + text + "'.");
    }

    /** Epoch milliseconds, from {@link #time(String, String)}. */
    public Optional<Long> time(String name) {
        return text(name).map(text -> time(name, text));
    }

    /**
     * Epoch milliseconds, given as such or as an ISO-8601 instant.
     *
     * @param name of what is refused, where it is neither
     */
    public static long time(String name, String text) {
        if (text.matches("-?[0-9]{1,18}")) return Long.parseLong(text);
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException notATime) {
            throw MillraceException.invalid(
                    "`" + name + "` must be epoch milliseconds or an ISO-8601 instant, not '" + text + "'.");
        }
    }
}
