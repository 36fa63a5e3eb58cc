package dev.millrace.registry.resource.artifacts;

import static dev.millrace.registry.security.access.Rule.edit;
import static dev.millrace.registry.security.access.Rule.log;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.artifacts;
import static dev.millrace.registry.security.access.Where.loggedModels;
import static dev.millrace.registry.security.access.Where.models;
import static dev.millrace.registry.security.access.Where.runs;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.SafePath;
import dev.millrace.registry.security.access.Gate;
import dev.millrace.registry.security.access.Rule;
import dev.millrace.registry.security.audit.Act;
import dev.millrace.registry.security.audit.AuditService;
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
    private final AuditService audit;

    public ArtifactRoutes(ArtifactStore store, ArtifactRoots roots, AuditService audit) {
        this.store = store;
        this.roots = roots;
        this.audit = audit;
    }

    public void register(RoutesConfig routes, MlflowApi<Act> api) {
        Rule read = view(artifacts());
        for (String prefix : PREFIXES) {
            routes.get(prefix + "/artifacts", this::list, read);
            routes.get(prefix + "/artifacts/<path>", this::download, read);
            routes.put(prefix + "/artifacts/<path>", this::upload, log(artifacts()));
            routes.delete(prefix + "/artifacts/<path>", this::delete, edit(artifacts()));
        }
        routes.get("/get-artifact", http -> show(http, () -> roots.ofRun(runId(http))), view(runs()));
        routes.get(
                "/model-versions/get-artifact",
                http -> show(http, () -> roots.ofModelVersion(query(http, "name"), query(http, "version"))),
                view(models("name")));
        routes.get(
                "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files",
                http -> send(http, roots.ofLoggedModel(http.pathParam("model_id")), query(http, "artifact_file_path")),
                view(loggedModels("model_id")));
        api.get("/artifacts/list", this::ofRun, view(runs()))
                .get(
                        "/logged-models/{model_id}/artifacts/directories",
                        this::ofLoggedModel,
                        view(loggedModels("model_id")));
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
        String path = SafePath.require(http.pathParam("path").replaceAll("/+$", ""));
        audit.begun(Gate.act(http));
        store.delete(path);
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
