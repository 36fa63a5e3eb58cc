package dev.millrace.registry.resource.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.boot.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftTest {
    private TestServer server;
    private JsonNode fixture;

    @BeforeEach
    void start(@TempDir Path home) throws IOException {
        server = TestServer.start(home);
        fixture = TestServer.JSON.readTree(
                Path.of("../conf/contract/drift-put.json").toFile());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String path() {
        return "/api/v1/drift/" + fixture.path("model").asText() + "/"
                + fixture.path("version").asText() + "/"
                + fixture.path("window_start").asText();
    }

    private TestServer.Answer put(JsonNode body) {
        return server.send("PUT", path(), body.toString());
    }

    private JsonNode get(String query) {
        return server.getPath("/api/v1/drift/fraud" + query).json();
    }

    @Test
    void theContractsRowsComeBackAsTheyWent() {
        assertThat(put(fixture.path("body")).json().path("rows").asInt()).isEqualTo(2);

        JsonNode rows = get("").path("rows");

        assertThat(get("").path("columns").toString()).isEqualTo("[\"amount\",\"terminal_kind\"]");
        for (int i = 0; i < 2; i++) {
            ObjectNode sent = fixture.at("/body/rows/" + i).deepCopy();
            if (sent.at("/window_cmp/start").isNull()) sent.putObject("window_cmp");
            sent.properties().removeIf(field -> field.getValue().isNull());
            assertThat(rows.get(i)).isEqualTo(sent);
        }
    }

    @Test
    void aWindowSentTwiceIsKeptOnceAndTheLastWins() {
        put(fixture.path("body"));
        ObjectNode again = fixture.path("body").deepCopy();
        ((ObjectNode) again.at("/rows/0")).put("population_stability_index", 0.5);

        put(again);

        JsonNode rows = get("?column=amount").path("rows");
        assertThat(rows).hasSize(1);
        assertThat(rows.at("/0/population_stability_index").asDouble()).isEqualTo(0.5);
    }

    @Test
    void rowsAreChosenByColumnAndTimeAndPaged() {
        put(fixture.path("body"));
        long start = fixture.path("window_start").asLong();

        assertThat(get("?column=terminal_kind").path("rows")).hasSize(1);
        assertThat(get("?from=" + start + "&to=" + (start + 1)).path("rows")).hasSize(2);
        assertThat(get("?from=2026-08-02T00:00:00Z").path("rows")).isEmpty();
        JsonNode first = get("?max_results=1");
        JsonNode second =
                get("?max_results=1&page_token=" + first.path("next_page_token").asText());
        assertThat(first.at("/rows/0/column_name").asText()).isEqualTo("amount");
        assertThat(second.at("/rows/0/column_name").asText()).isEqualTo("terminal_kind");
        assertThat(second.has("next_page_token")).isFalse();
    }

    @Test
    void modelsWithDriftAreListed() {
        put(fixture.path("body"));

        assertThat(server.getPath("/api/v1/drift").json().path("models").toString())
                .isEqualTo(
                        "[{\"model\":\"fraud\",\"latest_version\":\"3\",\"windows\":1,\"first_window\":1785542400000,"
                                + "\"latest_window\":1785542400000,\"drifted\":1}]");
    }

    @Test
    void theLatestVersionIsTheHighestNumber() {
        for (String version : List.of("9", "10")) {
            ObjectNode body = fixture.path("body").deepCopy();
            for (JsonNode row : body.path("rows")) ((ObjectNode) row).put("model_version", Integer.parseInt(version));
            String path = "/api/v1/drift/fraud/" + version + "/"
                    + fixture.path("window_start").asLong();
            assertThat(server.send("PUT", path, body.toString()).status()).isEqualTo(200);
        }

        JsonNode model = server.getPath("/api/v1/drift").json().at("/models/0");
        assertThat(model.path("latest_version").asText()).isEqualTo("10");
        assertThat(model.path("drifted").asLong())
                .as("columns of version 10 only")
                .isEqualTo(1);
    }

    @Test
    void anUnknownColumnIsRefusedWithAProblem() {
        ObjectNode body = fixture.path("body").deepCopy();
        ((ObjectNode) body.at("/rows/1")).put("psi", 0.5);

        TestServer.Answer answer = put(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.response().headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.json().path("detail").asText()).contains("rows[1].psi");
        assertThat(get("").path("rows")).isEmpty();
    }

    @Test
    void aRowOfAnotherWindowIsRefused() {
        ObjectNode body = fixture.path("body").deepCopy();
        ((ObjectNode) body.at("/rows/0/window")).put("start", 5);

        assertThat(put(body).json().path("detail").asText())
                .isEqualTo("rows[0].window.start must be the window of the path, 1785542400000, but is 5.");
    }
}
