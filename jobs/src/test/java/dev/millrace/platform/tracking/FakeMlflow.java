package dev.millrace.platform.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of MLflow's REST API that jobs use, over real HTTP on a free port, in memory. Takes equal params, metrics,
 * tags and inputs once, as MLflow does; refuses a param that changes. Can go silent after any request.
 */
public final class FakeMlflow implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TAG = Pattern.compile("tags\\.`([^`]+)` = '([^']*)'");

    private final HttpServer server;
    private final Map<String, String> experiments = new LinkedHashMap<>();
    private final Map<String, StoredRun> runs = new LinkedHashMap<>();
    private final Map<String, Map<Integer, StoredVersion>> models = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> aliases = new LinkedHashMap<>();
    private final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();
    private final Map<String, String> drift = new TreeMap<>();
    private final List<String> authorizations = new ArrayList<>();
    private int answered;
    private int silentAfter = Integer.MAX_VALUE;
    private boolean outOfOrder;
    private int lostAnswer = -1;
    private boolean plain;

    /** A run as the server holds it. */
    public static final class StoredRun {
        final String id;
        final String experiment;
        String status = "RUNNING";
        final Map<String, String> tags = new TreeMap<>();
        final Map<String, String> params = new TreeMap<>();
        final Set<String> metrics = new LinkedHashSet<>();
        final Map<String, Double> latest = new TreeMap<>();
        final Set<String> inputs = new LinkedHashSet<>();

        StoredRun(String id, String experiment) {
            this.id = id;
            this.experiment = experiment;
        }

        @Override
        public String toString() {
            return id + " " + status + " tags=" + tags + " params=" + params + " metrics=" + metrics + " inputs="
                    + inputs;
        }
    }

    private record StoredVersion(String run, String source, Map<String, String> tags) {}

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String code;

        Refusal(int status, String code) {
            this(status, code, "refused: " + code);
        }

        Refusal(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    public FakeMlflow() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        experiments.put("Default", "0");
        server.createContext("/", this::handle);
        server.start();
    }

    public ServerLocation location() {
        return new ServerLocation("http://127.0.0.1:" + server.getAddress().getPort(), java.util.Optional.empty());
    }

    /** Applies {@code requests} more requests, of which the last is not answered any more, nor any after it. */
    synchronized void dieAfter(int requests) {
        answered = 0;
        silentAfter = requests;
    }

    /** Loses the answer to the request after {@code requests} more; it was applied. */
    synchronized void loseAnswer(int requests) {
        answered = 0;
        lostAnswer = requests;
    }

    /** Requests since the last change of behaviour. */
    synchronized int answered() {
        return answered;
    }

    /** From now on only MLflow's own API. */
    /** From now on every answer is that of a gateway whose server is gone. */
    synchronized void beOutOfOrder() {
        outOfOrder = true;
    }

    synchronized void beNoMillraceRegistry() {
        plain = true;
    }

    synchronized void comeBack() {
        outOfOrder = false;
        lostAnswer = -1;
        silentAfter = Integer.MAX_VALUE;
    }

    public synchronized List<StoredRun> runs() {
        return List.copyOf(runs.values());
    }

    synchronized Map<String, String> drift() {
        return Map.copyOf(drift);
    }

    Map<String, byte[]> artifacts() {
        return artifacts;
    }

    synchronized List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void handle(HttpExchange http) throws IOException {
        byte[] body = http.getRequestBody().readAllBytes();
        if (outOfOrder) {
            http.sendResponseHeaders(502, -1);
            http.close();
            return;
        }
        boolean silent = answered >= silentAfter;
        answered++;
        if (silent) {
            http.close();
            return;
        }
        String authorization = http.getRequestHeaders().getFirst("Authorization");
        if (authorization != null) authorizations.add(authorization);
        int status = 200;
        byte[] answer;
        try {
            answer = answer(http.getRequestMethod(), http.getRequestURI().getRawPath(), query(http), body);
        } catch (Refusal refusal) {
            status = refusal.status;
            answer = JSON.writeValueAsBytes(
                    JSON.createObjectNode().put("error_code", refusal.code).put("message", refusal.getMessage()));
        }
        if (answered == silentAfter || answered - 1 == lostAnswer) {
            http.close();
            return;
        }
        http.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        http.getResponseBody().write(answer);
        http.close();
    }

    private static Map<String, String> query(HttpExchange http) {
        Map<String, String> query = new LinkedHashMap<>();
        String raw = http.getRequestURI().getRawQuery();
        if (raw == null) return query;
        for (String part : raw.split("&", -1)) {
            String[] pair = part.split("=", 2);
            query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private byte[] answer(String method, String path, Map<String, String> query, byte[] body) throws IOException {
        String artifactRoot = "/api/2.0/mlflow-artifacts/artifacts";
        if (path.startsWith(artifactRoot + "/")) {
            String name = URLDecoder.decode(path.substring(artifactRoot.length() + 1), StandardCharsets.UTF_8);
            if (method.equals("PUT")) artifacts.put(name, body);
            byte[] kept = artifacts.get(name);
            if (kept == null) throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST");
            return method.equals("PUT") ? new byte[0] : kept;
        }
        if (path.equals(artifactRoot))
            return listed(query.get("path")).toString().getBytes(StandardCharsets.UTF_8);
        if (path.startsWith("/api/v1/drift/")) {
            if (plain) throw new Refusal(404, "");
            drift.put(path.substring("/api/v1/drift/".length()), new String(body, StandardCharsets.UTF_8));
            return new byte[0];
        }
        JsonNode request = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        return mlflow(method + " " + path.replace("/api/2.0/mlflow/", ""), query, request)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode mlflow(String call, Map<String, String> query, JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        switch (call) {
            case "GET experiments/get" -> answer.putObject("experiment").put("experiment_id", "0");
            case "GET experiments/get-by-name" -> {
                String id = present(experiments.get(query.get("experiment_name")));
                answer.putObject("experiment").put("experiment_id", id);
            }
            case "POST experiments/create" -> {
                String name = request.path("name").asText();
                if (experiments.containsKey(name)) throw new Refusal(400, "RESOURCE_ALREADY_EXISTS");
                experiments.put(name, String.valueOf(experiments.size()));
                answer.put("experiment_id", experiments.get(name));
            }
            case "POST experiments/search" -> {
                var all = answer.putArray("experiments");
                experiments.values().forEach(id -> all.addObject().put("experiment_id", id));
            }
            case "POST runs/set-tag" ->
                present(runs.get(request.path("run_id").asText()))
                        .tags
                        .put(request.path("key").asText(), request.path("value").asText());
            case "POST runs/create" -> answer.set("run", create(request));
            case "GET runs/get" -> answer.set("run", json(present(runs.get(query.get("run_id")))));
            case "POST runs/search" -> search(request, answer);
            case "POST runs/update" ->
                present(runs.get(request.path("run_id").asText())).status =
                        request.path("status").asText();
            case "POST runs/log-batch" ->
                log(present(runs.get(request.path("run_id").asText())), request);
            case "POST runs/log-inputs" -> {
                StoredRun run = present(runs.get(request.path("run_id").asText()));
                request.path("datasets").forEach(input -> run.inputs.add(input.toString()));
            }
            default -> registry(call, query, request, answer);
        }
        return answer;
    }

    private void registry(String call, Map<String, String> query, JsonNode request, ObjectNode answer) {
        String name = request.path("name").asText();
        switch (call) {
            case "POST registered-models/create" -> {
                if (models.putIfAbsent(name, new TreeMap<>()) != null)
                    throw new Refusal(400, "RESOURCE_ALREADY_EXISTS");
                aliases.put(name, new TreeMap<>());
            }
            case "GET registered-models/get" -> present(models.get(query.get("name")));
            case "DELETE registered-models/alias" ->
                present(aliases.get(name)).remove(request.path("alias").asText());
            case "POST registered-models/alias" ->
                present(aliases.get(name))
                        .put(
                                request.path("alias").asText(),
                                request.path("version").asInt());
            case "GET registered-models/alias" -> {
                Integer version =
                        aliases.getOrDefault(query.get("name"), Map.of()).get(query.get("alias"));
                if (version == null) {
                    throw new Refusal(
                            400,
                            "INVALID_PARAMETER_VALUE",
                            "Registered model alias " + query.get("alias") + " not found.");
                }
                answer.set("model_version", version(query.get("name"), version));
            }
            case "POST model-versions/create" -> {
                Map<Integer, StoredVersion> versions = present(models.get(name));
                Map<String, String> tags = new TreeMap<>();
                request.path("tags")
                        .forEach(tag -> tags.put(
                                tag.path("key").asText(), tag.path("value").asText()));
                int number = versions.size() + 1;
                versions.put(
                        number,
                        new StoredVersion(
                                request.path("run_id").asText(),
                                request.path("source").asText(),
                                tags));
                answer.set("model_version", version(name, number));
            }
            case "GET model-versions/get" -> {
                int number = Integer.parseInt(query.get("version"));
                present(models.getOrDefault(query.get("name"), Map.of()).get(number));
                answer.set("model_version", version(query.get("name"), number));
            }
            case "GET model-versions/search" -> {
                String model = query.get("filter").replaceAll("^name=['\"]|['\"]$", "");
                var list = answer.putArray("model_versions");
                models.getOrDefault(model, Map.of()).keySet().forEach(number -> list.add(version(model, number)));
            }
            case "POST model-versions/set-tag" ->
                present(models.get(name))
                        .get(request.path("version").asInt())
                        .tags()
                        .put(request.path("key").asText(), request.path("value").asText());
            default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND");
        }
    }

    private static <T> T present(T value) {
        if (value == null) throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST");
        return value;
    }

    private ObjectNode create(JsonNode request) {
        Map<String, String> tags = new TreeMap<>();
        request.path("tags")
                .forEach(tag ->
                        tags.put(tag.path("key").asText(), tag.path("value").asText()));
        String given = String.format("%032x", 1_000_000 + runs.size());
        String id = plain ? given : tags.getOrDefault("millrace.run_id", given);
        StoredRun run = new StoredRun(id, request.path("experiment_id").asText());
        run.tags.putAll(tags);
        if (runs.putIfAbsent(id, run) != null) throw new Refusal(400, "RESOURCE_ALREADY_EXISTS");
        return json(run);
    }

    private void search(JsonNode request, ObjectNode answer) {
        Matcher tag = TAG.matcher(request.path("filter").asText());
        boolean byTag = tag.find();
        boolean finished = request.path("filter").asText().contains("'FINISHED'");
        var found = answer.putArray("runs");
        List<StoredRun> newestFirst = new ArrayList<>(runs.values());
        java.util.Collections.reverse(newestFirst);
        newestFirst.stream()
                .filter(run -> request.path("experiment_ids").toString().contains("\"" + run.experiment + "\""))
                .filter(run -> !byTag || tag.group(2).equals(run.tags.get(tag.group(1))))
                .filter(run -> !finished || run.status.equals("FINISHED"))
                .limit(request.path("max_results").asInt(1000))
                .forEach(run -> found.add(json(run)));
    }

    private static void log(StoredRun run, JsonNode batch) {
        for (JsonNode param : batch.path("params")) {
            String value = param.path("value").asText();
            String before = run.params.putIfAbsent(param.path("key").asText(), value);
            if (before != null && !before.equals(value)) throw new Refusal(400, "INVALID_PARAMETER_VALUE");
        }
        batch.path("tags")
                .forEach(tag ->
                        run.tags.put(tag.path("key").asText(), tag.path("value").asText()));
        for (JsonNode metric : batch.path("metrics")) {
            run.metrics.add(metric.toString());
            JsonNode value = metric.path("value");
            run.latest.put(
                    metric.path("key").asText(), value.isNumber() ? value.asDouble() : Double.valueOf(value.asText()));
        }
    }

    private static ObjectNode json(StoredRun run) {
        ObjectNode node = JSON.createObjectNode();
        node.putObject("info")
                .put("run_id", run.id)
                .put("experiment_id", run.experiment)
                .put("status", run.status)
                .put("artifact_uri", "mlflow-artifacts:/" + run.experiment + "/" + run.id + "/artifacts");
        ObjectNode data = node.putObject("data");
        data.putArray("params");
        run.params.forEach((key, value) ->
                data.withArray("params").addObject().put("key", key).put("value", value));
        data.putArray("tags");
        run.tags.forEach((key, value) ->
                data.withArray("tags").addObject().put("key", key).put("value", value));
        data.putArray("metrics");
        run.latest.forEach((key, value) -> {
            ObjectNode metric = data.withArray("metrics").addObject().put("key", key);
            if (Double.isFinite(value)) metric.put("value", value);
            else metric.put("value", value.toString());
        });
        return node;
    }

    private ObjectNode version(String model, int number) {
        StoredVersion version = models.get(model).get(number);
        ObjectNode node = JSON.createObjectNode();
        node.put("name", model).put("version", String.valueOf(number));
        node.put("run_id", version.run()).put("source", version.source());
        version.tags()
                .forEach((key, value) ->
                        node.withArray("tags").addObject().put("key", key).put("value", value));
        aliases.get(model).forEach((alias, held) -> {
            if (held == number) node.withArray("aliases").add(alias);
        });
        return node;
    }

    private ObjectNode listed(String folder) {
        ObjectNode answer = JSON.createObjectNode();
        var files = answer.putArray("files");
        Set<String> seen = new LinkedHashSet<>();
        new TreeMap<>(artifacts).forEach((path, bytes) -> {
            if (!path.startsWith(folder + "/")) return;
            String rest = path.substring(folder.length() + 1);
            int slash = rest.indexOf('/');
            String name = slash < 0 ? rest : rest.substring(0, slash);
            if (seen.add(name)) files.addObject().put("path", name).put("is_dir", slash >= 0);
        });
        return answer;
    }
}
