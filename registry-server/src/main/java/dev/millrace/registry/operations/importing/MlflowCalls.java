package dev.millrace.registry.operations.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;

/** Calls of MLflow's REST API, page by page. User and password of the URL become basic authentication. */
final class MlflowCalls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String base;
    private final Optional<String> account;

    MlflowCalls(URI server) {
        this.base = server.getScheme() + "://" + server.getRawAuthority().replaceFirst(".*@", "")
                + server.getRawPath().replaceAll("/+$", "");
        this.account = Optional.ofNullable(server.getUserInfo());
    }

    /** What is done with one item of an answer. */
    interface ItemWork {
        void accept(JsonNode item) throws java.sql.SQLException;
    }

    /** Every item of a paged search by POST. */
    void eachPosted(String call, ObjectNode request, String list, ItemWork work) throws java.sql.SQLException {
        String token;
        do {
            JsonNode page = json(request("/api/2.0/mlflow/" + call)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                    .build());
            for (JsonNode item : page.path(list)) work.accept(item);
            token = page.path("next_page_token").asText("");
            request.put("page_token", token);
        } while (!token.isEmpty());
    }

    /** Every item of a paged list by GET. */
    void eachGot(String path, String list, ItemWork work) throws java.sql.SQLException {
        String token = "";
        do {
            String page = token.isEmpty() ? "" : "&page_token=" + encoded(token);
            JsonNode answer = get(path + page);
            for (JsonNode item : answer.path(list)) work.accept(item);
            token = answer.path("next_page_token").asText("");
        } while (!token.isEmpty());
    }

    /** @param path with its query, below the server's address */
    JsonNode get(String path) {
        return json(request(path).GET().build());
    }

    /** The bytes of a file; the caller closes them. */
    InputStream open(String path) {
        HttpRequest request = request(path).GET().build();
        return send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A path whose slashes stay. */
    static String encodedPath(String path) {
        return Arrays.stream(path.split("/", -1)).map(MlflowCalls::encoded).collect(Collectors.joining("/"));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
        account.ifPresent(pair -> request.header(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
        return request;
    }

    private JsonNode json(HttpRequest request) {
        String body = send(request, HttpResponse.BodyHandlers.ofString());
        try {
            return JSON.readTree(body);
        } catch (IOException notJson) {
            throw unreadable(request, "the answer is no JSON", notJson);
        }
    }

    private <T> T send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            HttpResponse<T> answer = client.send(request, handler);
            if (answer.statusCode() == 200) return answer.body();
            throw unreadable(request, "it answers " + answer.statusCode(), null);
        } catch (IOException failed) {
            throw unreadable(request, String.valueOf(failed.getMessage()), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unreadable(request, "interrupted", interrupted);
        }
    }

    private MillraceException unreadable(HttpRequest request, String why, Exception cause) {
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "MLflow at " + base + " cannot be read: " + request.method() + " "
                        + request.uri().getRawPath() + ": " + why + ". Nothing was kept.",
                cause);
    }
}
