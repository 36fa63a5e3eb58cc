package dev.millrace.registry.lake.features;

import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.SERVER;

import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Query;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /api/v1/features}. */
public final class FeatureRoutes {
    private final FeatureService features;

    public FeatureRoutes(FeatureService features) {
        this.features = features;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/v1/features", this::list, view(SERVER));
    }

    private void list(Context http) {
        FeatureService.Found found =
                features.find(Query.of(http, "search").text("search").orElse(""));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("exists", features.lake().isPresent());
        answer.put("features", found.features());
        answer.put("unreadable", found.unreadable());
        MlflowApi.answer(http, answer);
    }
}
