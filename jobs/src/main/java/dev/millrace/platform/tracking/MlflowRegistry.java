package dev.millrace.platform.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/** {@link ModelRegistry} over MLflow's REST API; works with our server and with MLflow's. */
final class MlflowRegistry implements ModelRegistry {

    private final Optional<MlflowHttp> server;
    private final ModelStore store;

    MlflowRegistry(Optional<MlflowHttp> server, Home home) {
        this.server = server;
        this.store = new ModelStore(home.cache().resolve("models"));
    }

    private MlflowHttp http() {
        return server.orElseThrow(() -> new MillraceException(
                ErrorKind.REGISTRY_UNREACHABLE,
                "This job requires a registry, but none is configured. Start one with `scripts/registry start`, or"
                        + " set `tracking.uri` or MLFLOW_TRACKING_URI."));
    }

    @Override
    public ResolvedModel resolve(String uri) {
        Matcher registered = ModelUri.REGISTERED.matcher(uri);
        if (registered.matches()) {
            ModelVersion version = registeredVersion(uri, registered);
            String path = Optional.of(ModelUri.OF_RUN.matcher(version.source()))
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(2))
                    .orElse("model");
            return new ResolvedModel(
                    uri,
                    Optional.of(version),
                    Optional.of(version.runId()).filter(run -> !run.isEmpty()),
                    Optional.of(path),
                    Optional.empty());
        }
        Matcher ofRun = ModelUri.OF_RUN.matcher(uri);
        if (ofRun.matches()) {
            return new ResolvedModel(
                    uri,
                    Optional.empty(),
                    Optional.of(run(ofRun.group(1)).id()),
                    Optional.of(ofRun.group(2)),
                    Optional.empty());
        }
        Path folder = Path.of(uri.startsWith("file:") ? java.net.URI.create(uri).getPath() : uri);
        if (Files.isRegularFile(folder.resolve("MLmodel"))) return ResolvedModel.ofFolder(uri, folder.toAbsolutePath());
        throw new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "`" + uri + "` is not a model URI. Use models:/NAME/VERSION, models:/NAME@ALIAS, runs:/RUN/model, or a"
                        + " folder with an MLmodel file.");
    }

    private ModelVersion registeredVersion(String uri, Matcher matcher) {
        String model = matcher.group(1);
        if (matcher.group(3) != null) {
            return byAlias(model, matcher.group(3)).orElseThrow(() -> missing(uri, model));
        }
        if (matcher.group(2).equals("latest")) {
            return versions(model).stream().findFirst().orElseThrow(() -> missing(uri, model));
        }
        if (!matcher.group(2).matches("[0-9]{1,9}")) throw missing(uri, model);
        return version(model, Integer.parseInt(matcher.group(2)));
    }

    private MillraceException missing(String uri, String model) {
        List<String> known = versions(model).stream()
                .map(version -> version.version()
                        + version.aliases().stream().map(alias -> " @" + alias).reduce("", String::concat))
                .toList();
        return new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "`" + uri + "` does not match a version. "
                        + (known.isEmpty()
                                ? "There is no registered model `" + model + "`; run `millrace register` first."
                                : "Versions of `" + model + "`: " + String.join(", ", known) + "."));
    }

    @Override
    public Path download(ResolvedModel model) {
        if (model.folder().isPresent())
            return ModelStore.verified(model.folder().get());
        String key = model.runId().orElseThrow() + "/" + model.artifactPath().orElseThrow();
        return store.fetch(key, target -> downloadArtifacts(model, target));
    }

    private void downloadArtifacts(ResolvedModel model, Path target) {
        String uri = http().get("runs/get", Map.of("run_id", model.runId().orElseThrow()))
                .path("run")
                .path("info")
                .path("artifact_uri")
                .asText();
        String root = uri.replaceFirst("^mlflow-artifacts:/+", "") + "/"
                + model.artifactPath().orElseThrow();
        int files = downloadFolder(root, target);
        if (files == 0) {
            throw new MillraceException(
                    ErrorKind.MODEL_UNUSABLE,
                    "`" + model.uri() + "` has no files in the registry (" + uri + "/"
                            + model.artifactPath().orElseThrow() + "). Check that the run logged a model.");
        }
    }

    private int downloadFolder(String path, Path target) {
        int count = 0;
        JsonNode listed = http().getPath("/api/2.0/mlflow-artifacts/artifacts?path="
                        + java.net.URLEncoder.encode(path, java.nio.charset.StandardCharsets.UTF_8))
                .path("files");
        for (JsonNode file : listed) {
            String name = file.path("path").asText();
            Path local = target.resolve(name).normalize();
            if (!local.startsWith(target)) throw new IllegalStateException("Artifact name " + name);
            if (file.path("is_dir").asBoolean()) {
                count += downloadFolder(path + "/" + name, local);
            } else {
                ModelStore.makeFolder(local.getParent());
                http().download(
                                "/api/2.0/mlflow-artifacts/artifacts/" + MlflowHttp.encodedPath(path + "/" + name),
                                local);
                count++;
            }
        }
        return count;
    }

    @Override
    public ModelVersion createVersion(
            String model, String runId, String source, String description, Map<String, String> tags) {
        if (!isRegistered(model)) register(model);
        ObjectNode body = object();
        body.put("name", model).put("source", source).put("run_id", runId).put("description", description);
        tags.forEach((key, value) ->
                body.withArray("tags").addObject().put("key", key).put("value", value));
        return asked(() ->
                modelVersion(http().postOnce("model-versions/create", body).path("model_version")));
    }

    private boolean isRegistered(String model) {
        try {
            http().get("registered-models/get", Map.of("name", model));
            return true;
        } catch (MlflowHttp.Refused refused) {
            if (refused.isNotFound()) return false;
            throw told(refused);
        }
    }

    /** Somebody else may do the same at the same time. */
    private void register(String model) {
        try {
            http().post("registered-models/create", object().put("name", model));
        } catch (MlflowHttp.Refused refused) {
            if (!refused.alreadyExists()) throw told(refused);
        }
    }

    @Override
    public Optional<ModelVersion> byAlias(String model, String alias) {
        try {
            return Optional.of(modelVersion(http().get("registered-models/alias", Map.of("name", model, "alias", alias))
                    .path("model_version")));
        } catch (MlflowHttp.Refused refused) {
            if (refused.isNoModel() || refused.isAliasUnset()) return Optional.empty();
            throw told(refused);
        }
    }

    @Override
    public ModelVersion version(String model, int version) {
        try {
            return modelVersion(
                    http().get("model-versions/get", Map.of("name", model, "version", String.valueOf(version)))
                            .path("model_version"));
        } catch (MlflowHttp.Refused refused) {
            if (refused.isNotFound()) throw missing("models:/" + model + "/" + version, model);
            throw told(refused);
        }
    }

    @Override
    public List<ModelVersion> versions(String model) {
        List<ModelVersion> versions = new ArrayList<>();
        String quote = model.contains("'") ? "\"" : "'"; // the grammar knows no escapes
        String filter = "name=" + quote + model + quote;
        JsonNode found =
                asked(() -> http().get("model-versions/search", Map.of("filter", filter, "max_results", "10000")));
        found.path("model_versions").forEach(node -> versions.add(modelVersion(node)));
        versions.sort(Comparator.comparingInt(ModelVersion::version).reversed());
        return versions;
    }

    @Override
    public void setAlias(String model, String alias, int version) {
        asked(() -> http().post(
                        "registered-models/alias",
                        object().put("name", model).put("alias", alias).put("version", String.valueOf(version))));
    }

    @Override
    public void removeAlias(String model, String alias) {
        asked(() -> http().delete(
                        "registered-models/alias", object().put("name", model).put("alias", alias)));
    }

    @Override
    public void setVersionTag(String model, int version, String key, String value) {
        asked(() -> http().post(
                        "model-versions/set-tag",
                        object().put("name", model)
                                .put("version", String.valueOf(version))
                                .put("key", key)
                                .put("value", value)));
    }

    @Override
    public RunData run(String runId) {
        try {
            return runData(http().get("runs/get", Map.of("run_id", runId)).path("run"));
        } catch (MlflowHttp.Refused refused) {
            if (!refused.isNotFound()) throw told(refused);
            return byOwnId(runId)
                    .orElseThrow(() -> new MillraceException(
                            ErrorKind.NOT_FOUND,
                            "The registry at " + http().base() + " has no run `" + runId
                                    + "`. If the registry was down during the run, run `millrace sync`"
                                    + " first."));
        }
    }

    /** MLflow's own server gives runs ids of its own; ours is then a tag. */
    private Optional<RunData> byOwnId(String runId) {
        if (!runId.matches("[0-9a-f]{32}")) return Optional.empty();
        ObjectNode search = object();
        ArrayNode ids = search.putArray("experiment_ids");
        experiments().forEach(ids::add);
        search.put("filter", "tags.`millrace.run_id` = '" + runId + "'").put("max_results", 1);
        JsonNode found =
                asked(() -> http().post("runs/search", search)).path("runs").path(0);
        return found.isMissingNode() ? Optional.empty() : Optional.of(runData(found));
    }

    private List<String> experiments() {
        List<String> ids = new ArrayList<>();
        String page = "";
        do {
            ObjectNode search = object().put("max_results", 1000);
            if (!page.isEmpty()) search.put("page_token", page);
            JsonNode found = asked(() -> http().post("experiments/search", search));
            found.path("experiments")
                    .forEach(node -> ids.add(node.path("experiment_id").asText()));
            page = found.path("next_page_token").asText("");
        } while (!page.isEmpty());
        return ids;
    }

    @Override
    public List<RunData> searchRuns(String experiment, String filter, int limit) {
        JsonNode found;
        try {
            found = http().get("experiments/get-by-name", Map.of("experiment_name", experiment));
        } catch (MlflowHttp.Refused refused) {
            if (refused.isNotFound()) return List.of();
            throw told(refused);
        }
        ObjectNode body = object();
        body.putArray("experiment_ids")
                .add(found.path("experiment").path("experiment_id").asText());
        body.put("filter", filter)
                .put("max_results", limit)
                .putArray("order_by")
                .add("attributes.start_time DESC");
        List<RunData> runs = new ArrayList<>();
        asked(() -> http().post("runs/search", body)).path("runs").forEach(node -> runs.add(runData(node)));
        return runs;
    }

    private static RunData runData(JsonNode run) {
        Map<String, String> params = new LinkedHashMap<>();
        Map<String, Double> metrics = new LinkedHashMap<>();
        Map<String, String> tags = new LinkedHashMap<>();
        List<String> inputs = new ArrayList<>();
        run.path("data")
                .path("params")
                .forEach(node ->
                        params.put(node.path("key").asText(), node.path("value").asText()));
        run.path("data")
                .path("tags")
                .forEach(node ->
                        tags.put(node.path("key").asText(), node.path("value").asText()));
        run.path("data")
                .path("metrics")
                .forEach(node -> metrics.put(node.path("key").asText(), number(node.path("value"))));
        run.path("inputs")
                .path("dataset_inputs")
                .forEach(node -> inputs.add(node.path("dataset").path("name").asText() + " "
                        + node.path("dataset").path("digest").asText()));
        JsonNode info = run.path("info");
        return new RunData(
                info.path("run_id").asText(),
                info.path("run_name").asText(),
                info.path("experiment_id").asText(),
                info.path("status").asText(),
                info.path("start_time").asLong(),
                params,
                metrics,
                tags,
                inputs);
    }

    private static double number(JsonNode value) {
        return value.isNumber() ? value.asDouble() : Double.parseDouble(value.asText("NaN"));
    }

    private static ModelVersion modelVersion(JsonNode node) {
        Map<String, String> tags = new LinkedHashMap<>();
        List<String> aliases = new ArrayList<>();
        node.path("tags")
                .forEach(tag ->
                        tags.put(tag.path("key").asText(), tag.path("value").asText()));
        node.path("aliases").forEach(alias -> aliases.add(alias.asText()));
        return new ModelVersion(
                node.path("name").asText(),
                node.path("version").asInt(),
                node.path("run_id").asText(),
                node.path("source").asText(),
                aliases,
                tags);
    }

    private static <T> T asked(java.util.function.Supplier<T> call) {
        try {
            return call.get();
        } catch (MlflowHttp.Refused refused) {
            throw told(refused);
        }
    }

    private static MillraceException told(MlflowHttp.Refused refused) {
        ErrorKind kind =
                switch (refused.status()) {
                    case 401 -> ErrorKind.UNAUTHENTICATED;
                    case 403 -> ErrorKind.FORBIDDEN;
                    case 404 -> ErrorKind.NOT_FOUND;
                    case 409 -> ErrorKind.POLICY_REFUSED;
                    case 429, 503 -> ErrorKind.TEMPORARY;
                    default -> refused.isOutOfOrder() ? ErrorKind.REGISTRY_UNREACHABLE : ErrorKind.USAGE;
                };
        return new MillraceException(kind, "The registry rejected the request: " + refused.getMessage(), refused);
    }

    private static ObjectNode object() {
        return MlflowHttp.JSON.createObjectNode();
    }
}
