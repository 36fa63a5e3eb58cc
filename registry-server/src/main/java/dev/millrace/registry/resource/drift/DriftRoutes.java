package dev.millrace.registry.resource.drift;

import static dev.millrace.registry.platform.http.Topics.tells;
import static dev.millrace.registry.security.access.Rule.edit;
import static dev.millrace.registry.security.access.Rule.listOfModels;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.models;
import static dev.millrace.registry.security.access.Where.runs;

import dev.millrace.registry.platform.http.Bodies;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Query;
import dev.millrace.registry.security.access.Gate;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code /api/v1/drift}. */
public final class DriftRoutes {
    private static final int USUAL = 1_000;
    private static final int MOST = 10_000;
    private static final int USUAL_WINDOWS = 60;
    private static final int MOST_WINDOWS = 1_000;
    private static final int USUAL_COLUMNS = 50;
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
        routes.get("/api/v1/drift/{model}/windows", this::grid, view(models("model")));
        routes.put(
                "/api/v1/drift/{model}/{version}/{window_start}",
                this::put,
                edit(models("model")).whoSees(runs("rows[].run_id")),
                tells("drift", "drift:{model}"));
    }

    private void put(Context http) {
        DriftPut put = Bodies.json(http, DriftPut.class);
        DriftKey key = new DriftKey(
                http.pathParam("model"),
                http.pathParam("version"),
                Query.time("window_start", http.pathParam("window_start")));
        MlflowApi.answer(http, Map.of("rows", drift.put(key, put, Gate.act(http))));
    }

    private void rows(Context http) {
        Query query = Query.of(
                http,
                "column",
                "version",
                "drift_type",
                "slice_key",
                "slice_value",
                "from",
                "to",
                "points",
                "max_results",
                "page_token");
        RowPages.Asked asked = new RowPages.Asked(
                http.pathParam("model"),
                query.text("version"),
                query.text("column"),
                query.text("drift_type"),
                query.given("slice_key"),
                query.given("slice_value"),
                query.time("from"),
                query.time("to"));
        DriftService.Found found = query.text("points").isPresent()
                ? drift.history(asked, query.wholeUpTo("points", USUAL, MOST_WINDOWS))
                : drift.rows(asked, query.maxResults(USUAL, MOST), query.text("page_token"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", asked.model());
        answer.put("columns", found.columns());
        answer.put("rows", found.page().items());
        found.page().nextPageToken().ifPresent(token -> answer.put("next_page_token", token));
        MlflowApi.answer(http, answer);
    }

    private void grid(Context http) {
        Query query = Query.of(
                http,
                "version",
                "drift_type",
                "slice_key",
                "slice_value",
                "measure",
                "from",
                "max_windows",
                "max_columns");
        Optional<DriftGrid.Slice> slice = query.given("slice_key")
                .map(key -> new DriftGrid.Slice(key, query.given("slice_value").orElse("")));
        GridReader.Asked asked = new GridReader.Asked(
                http.pathParam("model"),
                query.text("version"),
                query.text("drift_type"),
                slice,
                Measure.named(query.text("measure").orElse("psi")),
                query.time("from"),
                query.wholeUpTo("max_windows", USUAL_WINDOWS, MOST_WINDOWS),
                query.wholeUpTo("max_columns", USUAL_COLUMNS, MOST));
        MlflowApi.answer(http, drift.grid(asked));
    }
}
