package dev.millrace.registry.resource.artifacts;

import static dev.millrace.registry.platform.http.Topics.tells;
import static dev.millrace.registry.security.access.Rule.log;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.artifacts;
import static dev.millrace.registry.security.access.Where.loggedModels;
import static dev.millrace.registry.security.access.Where.runs;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.SafePath;
import dev.millrace.registry.security.audit.Act;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotImplementedResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Optional;

/**
 * Further ways to bring files: the small upload of MLflow's pages, and the calls that hand out places in an object store,
 * which are refused so that clients fall back to the proxy.
 */
public final class UploadRoutes {
    private static final int MOST_BYTES = 10 << 20;
    private static final List<String> PREFIXES = List.of("/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts");

    private final ArtifactStore store;
    private final ArtifactRoots roots;

    public UploadRoutes(ArtifactStore store, ArtifactRoots roots) {
        this.store = store;
        this.roots = roots;
    }

    public void register(RoutesConfig routes, MlflowApi<Act> api) {
        routes.post(
                "/ajax-api/2.0/mlflow/upload-artifact",
                this::upload,
                log(runs()),
                tells("run:{run_id}", "run:{run_uuid}"));
        for (String prefix : PREFIXES) {
            routes.get(prefix + "/presigned/<path>", UploadRoutes::refuse, view(artifacts()));
        }
        api.post("/artifacts/presigned-upload-url", this::presignedUpload, log(runs().and(loggedModels("model_id"))))
                .post("/artifacts/presigned-download-url", this::presignedDownload, view(runs()));
    }

    private void upload(Context http) throws IOException {
        String runId = query(http, "run_uuid");
        String path = SafePath.require(query(http, "path"));
        try (PushbackInputStream content = new PushbackInputStream(http.bodyInputStream())) {
            int first = content.read();
            if (first < 0) throw MillraceException.invalid("Request must specify data.");
            content.unread(first);
            store.put(ArtifactRoots.below(roots.ofRun(runId), path), new Small(content));
        }
        http.contentType("application/json");
    }

    /** Refuses to go on after the limit; what was received by then is dropped by the store. */
    private static final class Small extends FilterInputStream {
        private long count;

        Small(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count += read;
            if (count <= MOST_BYTES) return read;
            throw MillraceException.invalid("Artifact size is too large. Max size is 10MB.");
        }
    }

    private static String query(Context http, String name) {
        return Optional.ofNullable(http.queryParam(name))
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> MillraceException.invalid("Request must specify " + name + "."));
    }

    private static void refuse(Context http) {
        SafePath.require(http.pathParam("path"));
        throw new NotImplementedResponse("Multipart download is not supported for the current artifact repository");
    }

    private Object presignedUpload(Fields request) {
        String path = request.requiredText("path");
        Optional<String> run = request.nonEmptyText("run_id");
        Optional<String> model = request.nonEmptyText("model_id");
        if (run.isPresent() == model.isPresent()) {
            throw MillraceException.invalid("Exactly one of run_id and model_id must be provided.");
        }
        SafePath.require(path);
        String root = run.map(roots::ofRun).orElseGet(() -> roots.ofLoggedModel(model.orElseThrow()));
        throw notDirect(
                "upload is not supported for proxied artifact storage", root, "This endpoint requires a direct");
    }

    private Object presignedDownload(Fields request) {
        String runId = request.requiredText("run_id");
        SafePath.require(request.requiredText("path"));
        throw notDirect(
                "download is not supported for runs with proxied artifact storage",
                roots.ofRun(runId),
                "This endpoint requires a run with a direct");
    }

    /** An object store's keys are its clients' own: this server has none to sign with. */
    private static MillraceException notDirect(String what, String root, String requires) {
        return MillraceException.invalid("Presigned " + what + " (artifact URI scheme: " + root.replaceFirst(":.*", "")
                + "). " + requires + " cloud storage artifact URI.");
    }
}
