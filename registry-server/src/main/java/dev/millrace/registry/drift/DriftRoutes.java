package dev.millrace.registry.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.error.MillraceException;
import dev.millrace.registry.http.Bodies;
import dev.millrace.registry.http.MlflowApi;
import dev.millrace.registry.search.Page;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/drift}. */
public final class DriftRoutes {
    private static final int USUAL = 1_000;
    private static final int MOST = 10_000;
    private static final Set<String> QUERY =
            Set.of("column", "version", "drift_type", "from", "to", "max_results", "page_token");

    private final DriftService drift;

    public DriftRoutes(DriftService drift) {
        this.drift = drift;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/v1/drift", http -> MlflowApi.answer(http, Map.of("models", drift.models())));
        routes.get("/api/v1/drift/{model}", this::rows);
        routes.put("/api/v1/drift/{model}/{version}/{window_start}", this::put);
    }

    private void put(Context http) {
        DriftPut put = Bodies.json(http, DriftPut.class);
        DriftRepository.Key key = new DriftRepository.Key(
                http.pathParam("model"),
                http.pathParam("version"),
                time("window_start", http.pathParam("window_start")));
        MlflowApi.answer(http, Map.of("rows", drift.put(key, put)));
    }

    private void rows(Context http) {
        for (String name : http.queryParamMap().keySet()) {
            if (!QUERY.contains(name)) {
                throw MillraceException.invalid("`" + name + "` is no parameter here. Known: "
                        + QUERY.stream().sorted().toList() + ".");
            }
        }
        DriftRepository.Asked asked = new DriftRepository.Asked(
                http.pathParam("model"),
                given(http, "version"),
                given(http, "column"),
                given(http, "drift_type"),
                given(http, "from").map(text -> time("from", text)),
                given(http, "to").map(text -> time("to", text)));
        Page<JsonNode> page = drift.rows(asked, maxResults(http), given(http, "page_token"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", asked.model());
        answer.put("columns", drift.columns(asked.model()));
        answer.put("rows", page.items());
        page.nextPageToken().ifPresent(token -> answer.put("next_page_token", token));
        MlflowApi.answer(http, answer);
    }

    private static Optional<String> given(Context http, String name) {
        return Optional.ofNullable(http.queryParam(name)).filter(value -> !value.isEmpty());
    }

    private static int maxResults(Context http) {
        String text = given(http, "max_results").orElse(String.valueOf(USUAL));
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) > 0 && Integer.parseInt(text) <= MOST) {
            return Integer.parseInt(text);
        }
        throw MillraceException.invalid(
                "`max_results` must be a whole number from 1 to " + MOST + ", not " + text + ".");
    }

    /** Epoch milliseconds, or an ISO-8601 instant. */
    private static long time(String name, String text) {
        if (text.matches("-?[0-9]{1,18}")) return Long.parseLong(text);
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException notATime) {
            throw MillraceException.invalid(
                    "`" + name + "` must be epoch milliseconds or an ISO-8601 instant, not '" + text + "'.");
        }
    }
}
