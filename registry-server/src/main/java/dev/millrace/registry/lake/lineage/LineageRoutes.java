package dev.millrace.registry.lake.lineage;

import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.SERVER;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Query;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** {@code /api/v1/lineage}. */
public final class LineageRoutes {
    private static final int USUAL_DEPTH = 20;
    private static final int MOST_DEPTH = 100;
    private static final int USUAL_NODES = 300;
    private static final int MOST_NODES = 1_000;

    private final LineageService lineage;

    public LineageRoutes(LineageService lineage) {
        this.lineage = lineage;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/v1/lineage", this::graph, view(SERVER));
    }

    private void graph(Context http) {
        Query query = Query.of(http, "ref", "direction", "depth", "max_nodes");
        String ref = query.text("ref")
                .orElseThrow(() -> MillraceException.invalid(
                        "`ref` is missing: schema.table@VERSION, run:ID or model:NAME/VERSION."));
        MlflowApi.answer(
                http,
                lineage.graph(
                        ref,
                        Direction.named(query.text("direction").orElse("both")),
                        query.wholeUpTo("depth", USUAL_DEPTH, MOST_DEPTH),
                        query.wholeUpTo("max_nodes", USUAL_NODES, MOST_NODES)));
    }
}
