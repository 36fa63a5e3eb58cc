package dev.millrace.registry.resource.artifacts;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.SafePath;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The artifact proxy ({@code mlflow-artifacts}), the listings of runs and logged models, and the downloads that pages
 * use.
 */
public final class ArtifactRoutes {
    private static final List<String> PREFIXES = List.of("/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts");

    private final ArtifactStore store;
    private final ArtifactRoots roots;

    public ArtifactRoutes(ArtifactStore store, ArtifactRoots roots) {
        this.store = store;
        this.roots = roots;
    }

    public void register(RoutesConfig routes, MlflowApi api) {
        for (String prefix : PREFIXES) {
            routes.get(prefix + "/artifacts", this::list);
            routes.get(prefix + "/artifacts/<path>", this::download);
            routes.put(prefix + "/artifacts/<path>", this::upload);
            routes.delete(prefix + "/artifacts/<path>", this::delete);
        }
        routes.get("/get-artifact", http -> show(http, () -> roots.ofRun(runId(http))));
        routes.get(
                "/model-versions/get-artifact",
                http -> show(http, () -> roots.ofModelVersion(query(http, "name"), query(http, "version"))));
        routes.get(
                "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files",
                http -> send(http, roots.ofLoggedModel(http.pathParam("model_id")), query(http, "artifact_file_path")));
        api.get("/artifacts/list", this::ofRun)
                .get("/logged-models/{model_id}/artifacts/directories", this::ofLoggedModel);
    }

    private void list(Context http) {
        String folder = Optional.ofNullable(http.queryParam("path")).orElse("").replaceAll("/+$", "");
        List<FileInfo> files = store.list(folder);
        MlflowApi.answer(http, files.isEmpty() ? Map.of() : Map.of("files", files));
    }

    private void download(Context http) throws IOException {
        String path = http.pathParam("path");
        StoredFile file = store.find(path).orElseThrow(() -> Downloads.missing(path));
        Downloads.attach(http, file, path);
    }

    private void upload(Context http) throws IOException {
        store.put(http.pathParam("path"), http.bodyInputStream());
    }

    private void delete(Context http) {
        store.delete(http.pathParam("path").replaceAll("/+$", ""));
        MlflowApi.answer(http, Map.of());
    }

    private Object ofRun(Fields request) {
        return listed(roots.ofRun(request.runId()), request.text("path").orElse(""));
    }

    private Object ofLoggedModel(Fields request) {
        return listed(
                roots.ofLoggedModel(request.requiredText("model_id")),
                request.text("artifact_directory_path").orElse(""));
    }

    /** Paths are relative to the root, unlike those of the proxy's listing. */
    private Object listed(String rootUri, String folder) {
        String path = SafePath.require(folder.replaceAll("/+$", ""));
        List<FileInfo> files = store.list(ArtifactRoots.below(rootUri, path)).stream()
                .map(file -> file.below(path))
                .toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("root_uri", rootUri);
        if (!files.isEmpty()) answer.put("files", files);
        return answer;
    }

    private void show(Context http, Supplier<String> rootUri) throws IOException {
        String path = SafePath.require(query(http, "path")); // before anything else is said
        send(http, rootUri.get(), path);
    }

    private void send(Context http, String rootUri, String file) throws IOException {
        String path = SafePath.require(file);
        String whole = ArtifactRoots.below(rootUri, path);
        StoredFile found = store.find(whole).orElseThrow(() -> Downloads.missing(whole));
        Downloads.show(http, found, path);
    }

    private static String runId(Context http) {
        return Optional.ofNullable(http.queryParam("run_id"))
                .or(() -> Optional.ofNullable(http.queryParam("run_uuid")))
                .orElseThrow(() -> absent("run_id"));
    }

    private static String query(Context http, String name) {
        return Optional.ofNullable(http.queryParam(name))
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> absent(name));
    }

    private static MillraceException absent(String name) {
        return MillraceException.invalid("Missing value for required parameter '" + name + "'.");
    }
}
