package dev.millrace.registry.operations.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a running MLflow server by its REST API. What the API does not show is not brought: deleted logged models and
 * versions, and when runs were deleted. Runs that are written meanwhile may be brought in part, so stop the writers first.
 */
final class MlflowServer implements MlflowSource {
    private static final int PAGE = 1_000;
    private static final String SERVED = "mlflow-artifacts:/";

    private final MlflowCalls calls;
    private final Path artifacts;
    private final long now;
    private final Set<String> notFound = new LinkedHashSet<>();
    private long files;

    /**
     * Over a server's address.
     *
     * @param artifacts where files go: {@code HOME/registry/artifacts}
     * @param now epoch milliseconds
     */
    MlflowServer(URI server, Path artifacts, long now) {
        this.calls = new MlflowCalls(server);
        this.artifacts = artifacts;
        this.now = now;
    }

    long files() {
        return files;
    }

    List<String> notFound() {
        return List.copyOf(notFound);
    }

    @Override
    public void readInto(ImportedRows rows) throws SQLException {
        List<String> experiments = new ArrayList<>();
        ObjectNode all = MlflowCalls.object().put("max_results", PAGE).put("view_type", "ALL");
        calls.eachPosted("experiments/search", all, "experiments", item -> {
            experiments.add(item.path("experiment_id").asText());
            experiment(rows, item);
        });
        for (String experiment : experiments) {
            ObjectNode request = MlflowCalls.object().put("max_results", PAGE).put("run_view_type", "ALL");
            request.putArray("experiment_ids").add(experiment);
            calls.eachPosted("runs/search", request, "runs", item -> run(rows, item));
        }
        for (String experiment : experiments) {
            ObjectNode request = MlflowCalls.object().put("max_results", PAGE);
            request.putArray("experiment_ids").add(experiment);
            calls.eachPosted("logged-models/search", request, "models", item -> loggedModel(rows, item));
        }
        calls.eachGot(
                "/api/2.0/mlflow/registered-models/search?max_results=" + PAGE,
                "registered_models",
                item -> registeredModel(rows, item));
    }

    private static String text(JsonNode item, String field) {
        return item.path(field).asText("");
    }

    private static void experiment(ImportedRows rows, JsonNode item) throws SQLException {
        long id = item.path("experiment_id").asLong();
        rows.add(
                "experiments (id, name, artifact_location, lifecycle, created_at, updated_at)",
                id,
                text(item, "name"),
                text(item, "artifact_location"),
                text(item, "lifecycle_stage"),
                item.path("creation_time").asLong(),
                item.path("last_update_time").asLong());
        pairs(rows, "experiment_tags (owner_id, key, value)", id, item.path("tags"));
    }

    private static void pairs(ImportedRows rows, String table, long owner, JsonNode items) throws SQLException {
        for (JsonNode pair : items) rows.add(table, owner, text(pair, "key"), text(pair, "value"));
    }

    private void run(ImportedRows rows, JsonNode item) throws SQLException {
        JsonNode info = item.path("info");
        String uuid = text(info, "run_id");
        long id = rows.give("runs", uuid);
        rows.add(
                "runs (id, run_uuid, experiment_id, name, user_id, status, start_time, end_time, lifecycle,"
                        + " artifact_uri, deleted_at)",
                id,
                uuid,
                info.path("experiment_id").asLong(),
                text(info, "run_name"),
                text(info, "user_id"),
                text(info, "status"),
                info.path("start_time").asLong(),
                info.has("end_time") ? info.path("end_time").asLong() : null,
                text(info, "lifecycle_stage"),
                text(info, "artifact_uri"),
                text(info, "lifecycle_stage").equals("deleted") ? now : null);
        pairs(rows, "run_params (owner_id, key, value)", id, item.at("/data/params"));
        pairs(rows, "run_tags (owner_id, key, value)", id, item.at("/data/tags"));
        for (JsonNode metric : item.at("/data/metrics")) history(rows, uuid, id, text(metric, "key"));
        inputs(rows, id, info.path("experiment_id").asLong(), item);
        download(text(info, "artifact_uri"));
    }

    private void history(ImportedRows rows, String uuid, long id, String key) throws SQLException {
        String path = "/api/2.0/mlflow/metrics/get-history?run_id=" + uuid + "&metric_key=" + MlflowCalls.encoded(key)
                + "&max_results=25000";
        calls.eachGot(path, "metrics", point -> {
            double value = point.path("value").isNumber() ? point.path("value").doubleValue() : Double.NaN;
            boolean nan = Double.isNaN(value);
            rows.add(
                    "metrics (run_id, key, step, ts, value, is_nan)",
                    id,
                    key,
                    point.path("step").asLong(),
                    point.path("timestamp").asLong(),
                    nan ? 0.0 : value + 0.0,
                    nan ? 1 : 0);
        });
    }

    private static void inputs(ImportedRows rows, long run, long experiment, JsonNode item) throws SQLException {
        for (JsonNode input : item.at("/inputs/dataset_inputs")) {
            JsonNode data = input.path("dataset");
            String name = experiment + "/" + text(data, "name") + "/" + text(data, "digest");
            Long known = rows.idOf("datasets", name);
            long dataset = known == null ? rows.give("datasets", name) : known;
            if (known == null) {
                rows.add(
                        "datasets (id, experiment_id, name, digest, source_type, source, schema_json, profile)",
                        dataset,
                        experiment,
                        text(data, "name"),
                        text(data, "digest"),
                        text(data, "source_type"),
                        text(data, "source"),
                        data.has("schema") ? text(data, "schema") : null,
                        data.has("profile") ? text(data, "profile") : null);
            }
            long id = rows.give("run_inputs", run + "/" + dataset);
            rows.add("run_inputs (id, run_id, dataset_id)", id, run, dataset);
            pairs(rows, "run_input_tags (owner_id, key, value)", id, input.path("tags"));
        }
        String models = "run_models (run_id, direction, model_id, step)";
        for (JsonNode model : item.at("/inputs/model_inputs")) rows.add(models, run, "in", text(model, "model_id"), 0L);
        for (JsonNode model : item.at("/outputs/model_outputs")) {
            rows.add(
                    models,
                    run,
                    "out",
                    text(model, "model_id"),
                    model.path("step").asLong());
        }
    }

    private void loggedModel(ImportedRows rows, JsonNode item) throws SQLException {
        JsonNode info = item.path("info");
        long id = rows.give("logged_models", text(info, "model_id"));
        rows.add(
                "logged_models (id, model_id, experiment_id, name, model_type, source_run, status, status_message,"
                        + " artifact_uri, lifecycle, created_at, updated_at)",
                id,
                text(info, "model_id"),
                info.path("experiment_id").asLong(),
                text(info, "name"),
                text(info, "model_type"),
                text(info, "source_run_id"),
                text(info, "status"),
                text(info, "status_message"),
                text(info, "artifact_uri"),
                "active",
                info.path("creation_timestamp_ms").asLong(),
                info.path("last_updated_timestamp_ms").asLong());
        pairs(rows, "logged_model_params (owner_id, key, value)", id, item.at("/data/params"));
        pairs(rows, "logged_model_tags (owner_id, key, value)", id, info.path("tags"));
        for (JsonNode metric : item.at("/data/metrics")) {
            boolean nan = !metric.path("value").isNumber();
            rows.add(
                    "logged_model_metrics (owner_id, key, ts, step, value, is_nan, dataset_name, dataset_digest, run_uuid)",
                    id,
                    text(metric, "key"),
                    metric.path("timestamp").asLong(),
                    metric.path("step").asLong(),
                    nan ? 0.0 : metric.path("value").doubleValue() + 0.0,
                    nan ? 1 : 0,
                    text(metric, "dataset_name"),
                    text(metric, "dataset_digest"),
                    text(metric, "run_id"));
        }
        download(text(info, "artifact_uri"));
    }

    private void registeredModel(ImportedRows rows, JsonNode item) throws SQLException {
        String name = text(item, "name");
        long id = rows.give("registered_models", name);
        rows.add(
                "registered_models (id, name, description, deployment_job_id, created_at, updated_at)",
                id,
                name,
                text(item, "description"),
                text(item, "deployment_job_id"),
                item.path("creation_timestamp").asLong(),
                item.path("last_updated_timestamp").asLong());
        pairs(rows, "registered_model_tags (owner_id, key, value)", id, item.path("tags"));
        String quote = name.contains("'") ? "\"" : "'"; // the grammar knows no escapes
        String filter = MlflowCalls.encoded("name = " + quote + name + quote);
        Map<String, JsonNode> versions = new LinkedHashMap<>();
        calls.eachGot(
                "/api/2.0/mlflow/model-versions/search?max_results=" + PAGE + "&filter=" + filter,
                "model_versions",
                version -> versions.put(text(version, "version"), version));
        for (JsonNode version : versions.values()) modelVersion(rows, id, version);
        for (JsonNode alias : item.path("aliases")) {
            rows.add(
                    "model_aliases (model_id, alias, version)",
                    id,
                    text(alias, "alias"),
                    alias.path("version").asInt());
        }
    }

    private void modelVersion(ImportedRows rows, long model, JsonNode item) throws SQLException {
        String name = text(item, "name");
        String version = text(item, "version");
        String source = text(item, "source");
        String location = calls.get("/api/2.0/mlflow/model-versions/get-download-uri?name=" + MlflowCalls.encoded(name)
                        + "&version=" + version)
                .path("artifact_uri")
                .asText(source);
        long id = rows.give("model_versions", name + "/" + version);
        rows.add(
                "model_versions (id, model_id, version, deleted, stage, description, user_id, source,"
                        + " storage_location, run_uuid, run_link, logged_model, created_at, updated_at)",
                id,
                model,
                item.path("version").asInt(),
                0,
                text(item, "current_stage"),
                text(item, "description"),
                text(item, "user_id"),
                source,
                location,
                text(item, "run_id"),
                text(item, "run_link"),
                source.startsWith("models:/m-") ? source.substring("models:/".length()) : "",
                item.path("creation_timestamp").asLong(),
                item.path("last_updated_timestamp").asLong());
        pairs(rows, "model_version_tags (owner_id, key, value)", id, item.path("tags"));
    }

    /** All files below a location that the server serves. */
    private void download(String uri) {
        if (!uri.startsWith(SERVED)) {
            if (!uri.isEmpty()) notFound.add(uri);
            return;
        }
        folder(uri.substring(SERVED.length()).replaceAll("^/+", ""));
    }

    private void folder(String path) {
        JsonNode listed = calls.get("/api/2.0/mlflow-artifacts/artifacts?path=" + MlflowCalls.encoded(path));
        for (JsonNode file : listed.path("files")) {
            String below = path + "/" + text(file, "path");
            if (file.path("is_dir").asBoolean()) folder(below);
            else file(below);
        }
    }

    private void file(String path) {
        Path target = artifacts.resolve(path).normalize();
        if (!target.startsWith(artifacts)) throw new IllegalStateException("A path leads out of the folder: " + path);
        try (InputStream in = calls.open("/api/2.0/mlflow-artifacts/artifacts/" + MlflowCalls.encodedPath(path))) {
            Files.createDirectories(target.getParent());
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
                channel.force(true);
            }
            files++;
        } catch (IOException failed) {
            throw new UncheckedIOException("The artifact " + path + " cannot be kept", failed);
        }
    }
}
