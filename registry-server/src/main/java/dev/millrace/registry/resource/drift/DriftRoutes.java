package dev.millrace.registry.resource.drift;

import static dev.millrace.registry.platform.http.Topics.tells;
import static dev.millrace.registry.security.access.Rule.edit;
import static dev.millrace.registry.security.access.Rule.listOfModels;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.models;
import static dev.millrace.registry.security.access.Where.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.http.Bodies;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Query;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.security.access.Gate;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /api/v1/drift}. */
public final class DriftRoutes {
    private static final int USUAL = 1_000;
    private static final int MOST = 10_000;
    private final DriftService drift;

    public DriftRoutes(DriftService drift) {
        this.drift = drift;
    }

    public void register(RoutesConfig routes) {
        routes.get(
                "/api/v1/drift",
                http -> MlflowApi.answer(http, Map.of("models", drift.models())),
                listOfModels("models", "model"));
        routes.get("/api/v1/drift/{model}", this::rows, view(models("model")));
        routes.put(
                "/api/v1/drift/{model}/{version}/{window_start}",
                this::put,
                edit(models("model")).whoSees(runs("rows[].run_id")),
                tells("drift", "drift:{model}"));
    }

    private void put(Context http) {
        DriftPut put = Bodies.json(http, DriftPut.class);
        DriftRepository.Key key = new DriftRepository.Key(
                http.pathParam("model"),
                http.pathParam("version"),
                Query.time("window_start", http.pathParam("window_start")));
        MlflowApi.answer(http, Map.of("rows", drift.put(key, put, Gate.act(http))));
    }

    private void rows(Context http) {
        Query query = Query.of(http, "column", "version", "drift_type", "from", "to", "max_results", "page_token");
        DriftRepository.Asked asked = new DriftRepository.Asked(
                http.pathParam("model"),
                query.text("version"),
                query.text("column"),
                query.text("drift_type"),
                query.time("from"),
                query.time("to"));
        Page<JsonNode> page = drift.rows(asked, query.maxResults(USUAL, MOST), query.text("page_token"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", asked.model());
        answer.put("columns", drift.columns(asked.model()));
        answer.put("rows", page.items());
        page.nextPageToken().ifPresent(token -> answer.put("next_page_token", token));
        MlflowApi.answer(http, answer);
    }
}
