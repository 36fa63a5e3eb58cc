package dev.millrace.registry.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real server on a free port with a home of its own, and a small client for it. */
public final class TestServer implements AutoCloseable {
    public static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final RegistryServer server;
    private final String authorization;

    private TestServer(RegistryServer server) {
        this(server, "");
    }

    private TestServer(RegistryServer server, String authorization) {
        this.server = server;
        this.authorization = authorization;
    }

    /**
     * On the database under test ({@link TestDatabases}).
     *
     * @param more options, {@code --auth}
     */
    public static TestServer start(Path home, String... more) {
        List<String> options = options(home);
        options.addAll(List.of(more));
        return new TestServer(RegistryServer.start(ServerOptions.parse(options, Map.of())));
    }

    /** Of a server with this home, on any free port. */
    static List<String> options(Path home) {
        List<String> options = new ArrayList<>(List.of("--home", home.toString(), "--port", "0"));
        if (TestDatabases.isPostgres()) options.addAll(List.of("--database", TestDatabases.postgresUrl(home)));
        return options;
    }

    /** Verb and path of every route. */
    public List<String> routes() {
        return routeTable().stream()
                .map(route -> route.verb() + " " + route.path())
                .toList();
    }

    /** Every route with what it demands. */
    public List<RegistryServer.Route> routeTable() {
        return server.routes();
    }

    /** The same server, as the holder of a token asks it. */
    public TestServer as(String secret) {
        return new TestServer(server, "Bearer " + secret);
    }

    public String url() {
        return server.url();
    }

    /** What came back. */
    public record Answer(int status, String body, HttpResponse<byte[]> response) {
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException notJson) {
                throw new UncheckedIOException(body, notJson);
            }
        }

        public String errorCode() {
            return json().path("error_code").asText();
        }

        public String message() {
            return json().path("message").asText();
        }
    }

    /** POST below {@code /api/2.0/mlflow/}; quotes may be written as {@code '}. */
    public Answer post(String call, String json) {
        return send("POST", "/api/2.0/mlflow/" + call, json.replace('\'', '"'));
    }

    /** POST of the exact text. */
    public Answer postRaw(String call, String json) {
        return send("POST", "/api/2.0/mlflow/" + call, json);
    }

    /** GET below {@code /api/2.0/mlflow/}. */
    public Answer get(String call) {
        return getPath("/api/2.0/mlflow/" + call);
    }

    public Answer getPath(String path) {
        return send(HttpRequest.newBuilder(URI.create(url() + path)).GET());
    }

    public Answer send(String verb, String path, String json) {
        return send(HttpRequest.newBuilder(URI.create(url() + path))
                .header("Content-Type", "application/json")
                .method(verb, HttpRequest.BodyPublishers.ofString(json)));
    }

    public Answer send(HttpRequest.Builder request) {
        if (!authorization.isEmpty()) request.header("Authorization", authorization);
        try {
            HttpResponse<byte[]> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), response);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public String experiment(String name) {
        return post("experiments/create", "{'name': '" + name + "'}")
                .json()
                .path("experiment_id")
                .asText();
    }

    public String run(String experimentId) {
        return run(experimentId, 0);
    }

    public String run(String experimentId, long startTime) {
        return post("runs/create", "{'experiment_id': '" + experimentId + "', 'start_time': " + startTime + "}")
                .json()
                .at("/run/info/run_id")
                .asText();
    }

    @Override
    public void close() {
        server.close();
    }
}
