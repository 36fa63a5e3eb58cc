package dev.millrace.registry.boot;

import static dev.millrace.registry.security.access.Rule.toAll;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.NOTHING;

import dev.millrace.registry.platform.http.MlflowApi;
import io.javalin.config.RoutesConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /health}, {@code /version}, {@code server-info}, {@code /openapi.json}: who is there and what can it do. */
final class StatusRoutes {
    private static final Map<String, Object> SERVER_INFO = serverInfo();

    private static Map<String, Object> serverInfo() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("store_type", "SqlStore");
        info.put("workspaces_enabled", false);
        info.put("trace_archival_enabled", false);
        info.put("multipart_uploads_enabled", false);
        info.put("multipart_downloads_enabled", false);
        info.put("artifact_serving_enabled", true);
        return info;
    }

    void register(RoutesConfig routes) {
        routes.get("/health", http -> http.contentType("text/plain").result("OK"), toAll());
        routes.get("/version", http -> http.contentType("text/plain").result(Version.MLFLOW), toAll());
        routes.get(
                "/api/v1/version",
                http -> MlflowApi.answer(
                        http, Map.of("name", "millrace-registry", "version", Version.OURS, "mlflow", Version.MLFLOW)),
                view(NOTHING));
        routes.get("/openapi.json", http -> http.contentType("application/json").result(OpenApi.document()), toAll());
        for (String prefix : List.of("/api/3.0", "/ajax-api/3.0")) {
            routes.get(prefix + "/mlflow/server-info", http -> MlflowApi.answer(http, SERVER_INFO), view(NOTHING));
        }
    }
}
