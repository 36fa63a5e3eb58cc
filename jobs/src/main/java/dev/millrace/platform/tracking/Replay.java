package dev.millrace.platform.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Sends journal entries to a server, in order. Sending an entry again changes nothing: the run is found by its tag
 * before it is made, and params, metrics, tags, datasets and artifacts of equal content are taken once by MLflow. So a
 * replay may be killed anywhere and begun anew. Not thread-safe.
 */
final class Replay {
    /** MLflow's limits for one log-batch: 1000 entities, 1000 metrics, 100 params, 100 tags. */
    private static final int BATCH = 100;

    private static final int ATTEMPTS = 3;
    static final String PARENT = "mlflow.parentRunId";

    private final MlflowHttp http;
    private final Path artifacts;
    private String runId;
    private String experimentId;
    private String artifactRoot;
    private ObjectNode batch = MlflowHttp.JSON.createObjectNode();
    private int batched;

    Replay(MlflowHttp http, Path artifacts) {
        this.http = http;
        this.artifacts = artifacts;
    }

    /** The server's id of the run; on our server the job's own. */
    String serverRunId() {
        return runId;
    }

    String experimentId() {
        return experimentId;
    }

    /** Sends {@code entries}, the continuation of what was sent before. */
    void send(List<JsonNode> entries) {
        for (JsonNode entry : entries) {
            switch (entry.path("op").asText()) {
                case "create" -> create(entry);
                case "param" -> add("params", entry, "value");
                case "tag" -> add("tags", entry, "value");
                case "metric" -> add("metrics", entry, "value", "timestamp", "step");
                case "dataset" -> dataset(entry);
                case "artifact" -> artifact(entry.path("path").asText());
                case "drift" -> drift(entry);
                case "end" -> end(entry);
                default -> throw new IllegalStateException("Unknown journal entry " + entry);
            }
        }
        flush();
    }

    private void create(JsonNode entry) {
        experimentId = experiment(entry.path("experiment").asText());
        JsonNode run = found(entry);
        for (int attempt = 1; run.isMissingNode(); attempt++) {
            try {
                run = created(entry);
            } catch (MlflowHttp.Refused refused) {
                if (!refused.alreadyExists() || attempt == ATTEMPTS) throw refused;
                run = found(entry);
            } catch (MillraceException unanswered) {
                // The server may have made it and its answer got lost: look again before making another.
                if (attempt == ATTEMPTS) throw unanswered;
                run = found(entry);
            }
        }
        runId = run.path("info").path("run_id").asText();
        artifactRoot = run.path("info").path("artifact_uri").asText();
        if (!runId.equals(entry.path("run_id").asText())) nameParent(entry);
    }

    /** MLflow's own server gives ids of its own: what we know as the parent has another one there. */
    private void nameParent(JsonNode entry) {
        for (JsonNode tag : entry.path("tags")) {
            if (!tag.path("key").asText().equals(PARENT)) continue;
            String parent = found(tag.path("value").asText())
                    .path("info")
                    .path("run_id")
                    .asText();
            if (parent.isEmpty()) return;
            http.post(
                    "runs/set-tag",
                    object().put("run_id", runId).put("key", PARENT).put("value", parent));
        }
    }

    private JsonNode found(JsonNode entry) {
        return found(entry.path("run_id").asText());
    }

    private JsonNode found(String ownId) {
        ObjectNode search = object();
        search.putArray("experiment_ids").add(experimentId);
        search.put("filter", "tags.`millrace.run_id` = '" + ownId + "'");
        search.put("run_view_type", "ALL");
        search.put("max_results", 1);
        return http.post("runs/search", search).path("runs").path(0);
    }

    private JsonNode created(JsonNode entry) {
        ObjectNode body = object();
        body.put("experiment_id", experimentId);
        body.put("user_id", entry.path("user").asText());
        body.put("run_name", entry.path("name").asText());
        body.put("start_time", entry.path("start_time").asLong());
        body.set("tags", entry.path("tags"));
        return http.postOnce("runs/create", body).path("run");
    }

    private String experiment(String name) {
        try {
            return http.get("experiments/get-by-name", Map.of("experiment_name", name))
                    .path("experiment")
                    .path("experiment_id")
                    .asText();
        } catch (MlflowHttp.Refused refused) {
            if (!refused.isNotFound()) throw refused;
        }
        try {
            return http.post("experiments/create", object().put("name", name))
                    .path("experiment_id")
                    .asText();
        } catch (MlflowHttp.Refused raced) {
            if (!raced.alreadyExists()) throw raced;
            return http.get("experiments/get-by-name", Map.of("experiment_name", name))
                    .path("experiment")
                    .path("experiment_id")
                    .asText();
        }
    }

    private void add(String list, JsonNode entry, String... fields) {
        ObjectNode item = object();
        item.set("key", entry.path("key"));
        for (String field : fields) item.set(field, entry.path(field));
        ArrayNode items = batch.withArray(list);
        items.add(item);
        if (++batched >= BATCH) flush();
    }

    private void flush() {
        if (batched == 0) return;
        batch.put("run_id", runId);
        http.post("runs/log-batch", batch);
        batch = object();
        batched = 0;
    }

    private void dataset(JsonNode entry) {
        flush();
        ObjectNode body = object();
        body.put("run_id", runId);
        ObjectNode input = body.putArray("datasets").addObject();
        input.putArray("tags").addObject().put("key", "mlflow.data.context").set("value", entry.path("context"));
        ObjectNode dataset = input.putObject("dataset");
        for (String field : List.of("name", "digest", "source_type", "source", "schema")) {
            dataset.set(field, entry.path(field));
        }
        http.post("runs/log-inputs", body);
    }

    private void artifact(String path) {
        flush();
        http.putFile(proxyPath(path), artifacts.resolve(path));
    }

    private String proxyPath(String path) {
        String prefix = "mlflow-artifacts:/";
        if (!artifactRoot.startsWith(prefix)) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "The experiment stores its artifacts at " + artifactRoot
                            + ", which jobs cannot access. Use a server that serves artifacts (`mlflow server"
                            + " --serve-artifacts`) or the Millrace registry.");
        }
        String root = artifactRoot.substring(prefix.length()).replaceAll("^/+", "");
        return "/api/2.0/mlflow-artifacts/artifacts/" + MlflowHttp.encodedPath(root + "/" + path);
    }

    private void drift(JsonNode entry) {
        flush();
        String window = entry.path("window_start").asText();
        try {
            http.putJson(
                    "/api/v1/drift/"
                            + MlflowHttp.encodedPath(entry.path("model").asText()) + "/"
                            + entry.path("version").asText() + "/" + window,
                    entry.path("body").asText());
        } catch (MlflowHttp.Refused refused) {
            // A plain MLflow server has no /api/v1: what would go there is kept with the run (CONTRACT §4).
            if (refused.status() != 404 && refused.status() != 405) throw refused;
            artifact(entry.path("artifact").asText());
        }
    }

    private void end(JsonNode entry) {
        flush();
        ObjectNode body = object();
        body.put("run_id", runId);
        body.set("status", entry.path("status"));
        body.set("end_time", entry.path("end_time"));
        http.post("runs/update", body);
    }

    private static ObjectNode object() {
        return MlflowHttp.JSON.createObjectNode();
    }
}
