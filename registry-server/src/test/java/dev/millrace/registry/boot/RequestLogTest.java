package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's log as JSON: a line per request, its id everywhere, and no secret. */
class RequestLogTest {
    @TempDir
    Path home;

    private ServerProcess server;
    private String url;

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).headers(headers);
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private Map<String, JsonNode> requests() throws IOException {
        Map<String, JsonNode> byId = new java.util.LinkedHashMap<>();
        for (JsonNode line : lines()) {
            if (line.path("logger").asText().equals("access"))
                byId.put(line.path("request_id").asText(), line);
        }
        return byId;
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : server.log().lines().toList()) lines.add(TestServer.JSON.readTree(line));
        return lines;
    }

    @Test
    void everyRequestHasItsLine() throws Exception {
        List<String> options = TestServer.options(home);
        options.addAll(List.of("--auth", "--log-format", "json"));
        server = ServerProcess.start(options.toArray(String[]::new));
        url = server.url();
        String token = Files.readString(home.resolve("registry/admin-token")).strip();
        String bearer = "Bearer " + token;

        HttpResponse<String> found = get(
                "/api/2.0/mlflow/experiments/get?experiment_id=0",
                "Authorization",
                bearer,
                "X-Request-Id",
                "from-client");
        HttpResponse<String> foreign =
                get("/api/v1/comments/x?token=" + token, "Authorization", bearer, "X-Request-Id", "no spaces\tplease");
        HttpResponse<String> refused =
                get("/api/v1/audit", "Authorization", "Bearer mr_wrong", "X-Request-Id", "third");
        get("/no/such/route", "X-Request-Id", "fourth");
        server.stop();

        assertThat(found.headers().firstValue("X-Request-Id")).contains("from-client");
        assertThat(foreign.headers().firstValue("X-Request-Id"))
                .get()
                .asString()
                .matches("[0-9a-f]{8}-[0-9]+");
        assertThat(TestServer.JSON.readTree(refused.body()).path("request_id").asText())
                .isEqualTo("third");
        JsonNode line = requests().get("from-client");
        assertThat(line.path("method").asText()).isEqualTo("GET");
        assertThat(line.path("route").asText()).isEqualTo("/api/2.0/mlflow/experiments/get");
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("bytes").asInt()).isEqualTo(found.body().length());
        assertThat(line.path("ms").asDouble()).isPositive();
        assertThat(line.path("user").asText()).isEqualTo("admin");
        assertThat(requests().get("third").path("status").asInt()).isEqualTo(401);
        assertThat(requests().get("fourth").path("route").asText()).isEqualTo("none");
        assertThat(server.log()).doesNotContain(token, "mr_wrong");
    }
}
