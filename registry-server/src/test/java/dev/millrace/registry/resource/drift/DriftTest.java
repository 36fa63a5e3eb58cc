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

    /** A body with these columns, in the fixture's first row's form. */
    private ObjectNode body(String owner, String... columns) {
        ObjectNode body = fixture.path("body").deepCopy();
        ObjectNode row = (ObjectNode) body.at("/rows/0").deepCopy();
        if (!owner.isEmpty()) body.put("owner", owner);
        body.putArray("rows");
        for (String column : columns) {
            body.withArray("rows").add(row.deepCopy().put("column_name", column));
        }
        return body;
    }

    private List<String> columns() {
        return get("").path("rows").findValuesAsText("column_name");
    }

    @Test
    void aWindowSentAgainReplacesWhatItsOwnerSentBefore() {
        put(body("", "a", "b", "gone"));

        put(body("", "a", "b", "new"));

        assertThat(columns()).containsExactly("a", "b", "new");
        assertThat(get("").path("columns").toString()).isEqualTo("[\"a\",\"b\",\"new\"]");
        put(body(""));
        assertThat(columns()).isEmpty();
        assertThat(get("").path("columns")).isEmpty();
        assertThat(server.getPath("/api/v1/drift").json().path("models")).isEmpty();
    }

    @Test
    void rowsOfOtherOwnersStayExceptForKeysThatAreSentAgain() {
        put(body("inputs", "a", "b"));
        put(body("predictions", "prediction"));

        ObjectNode only = body("inputs of b", "b");
        ((ObjectNode) only.at("/rows/0")).put("population_stability_index", 0.5);
        put(only);
        put(only);

        assertThat(columns()).containsExactlyInAnyOrder("a", "b", "prediction");
        assertThat(get("?column=b").at("/rows/0/population_stability_index").asDouble())
                .isEqualTo(0.5);
    }

    @Test
    void partsOfAWindowMayComeInAnyOrderAndAgain() {
        ObjectNode first = body("", "a", "b").put("part", 1).put("parts", 2);
        ObjectNode second = body("", "c").put("part", 2).put("parts", 2);
        for (ObjectNode part : List.of(second, first, second)) put(part);
        assertThat(columns()).containsExactlyInAnyOrder("a", "b", "c");

        put(body("", "a"));
        assertThat(columns()).containsExactly("a");

        put(body("", "c").put("part", 2).put("parts", 2));
        put(body("", "b").put("part", 1).put("parts", 2));
        assertThat(columns()).containsExactlyInAnyOrder("b", "c");
        assertThat(put(body("", "c").put("part", 3).put("parts", 2)).status()).isEqualTo(400);
    }

    @Test
    void windowsOfAnotherLengthThatBeginTogetherAreApart() {
        put(body("", "a"));
        ObjectNode week = body("", "a", "b").put("granularity", "1 week");
        for (JsonNode row : week.path("rows")) ((ObjectNode) row.path("window")).put("end", 1786147200000L);
        put(week);
        put(body("", "a"));

        assertThat(columns()).containsExactlyInAnyOrder("a", "a", "b");
    }

    @Test
    void theListFollowsWhatIsReplaced() {
        long start = fixture.path("window_start").asLong();
        put(fixture.path("body"));
        ObjectNode later = fixture.path("body").deepCopy();
        for (JsonNode row : later.path("rows")) ((ObjectNode) row.path("window")).put("start", start + 1);
        server.send("PUT", "/api/v1/drift/fraud/4/" + (start + 1), later.toString());
        JsonNode both = server.getPath("/api/v1/drift").json().at("/models/0");

        server.send("PUT", "/api/v1/drift/fraud/4/" + (start + 1), body("").toString());

        assertThat(both.path("windows").asInt()).isEqualTo(2);
        assertThat(both.path("latest_version").asText()).isEqualTo("4");
        modelsWithDriftAreListed();
    }

    @Test
    void rowsAreFoundBySlice() {
        put(fixture.path("body"));

        assertThat(get("?slice_key=").path("rows").findValuesAsText("column_name"))
                .containsExactly("amount");
        assertThat(get("?slice_key=channel&slice_value=online").path("rows").findValuesAsText("column_name"))
                .containsExactly("terminal_kind");
        assertThat(get("?slice_key=channel&slice_value=shop").path("rows")).isEmpty();
    }

    private void days(int days) {
        for (int day = 0; day < days; day++) {
            ObjectNode body = body("", "calm", "amount");
            for (JsonNode row : body.path("rows")) {
                ((ObjectNode) row.path("window")).put("start", day);
                ((ObjectNode) row).put("population_stability_index", 0.01 * day);
                boolean drifts = row.path("column_name").asText().equals("amount") && day == days - 1;
                ((ObjectNode) row).put("verdict", drifts ? "drift" : "ok");
            }
            server.send("PUT", "/api/v1/drift/fraud/3/" + day, body.toString());
        }
    }

    private JsonNode windows(String query) {
        return server.getPath("/api/v1/drift/fraud/windows" + query).json();
    }

    @Test
    void windowsShowTheWorstColumnsFirstAndWhereOthersBegin() {
        days(10);

        JsonNode newest = windows("?max_windows=4&max_columns=1");
        JsonNode middle =
                windows("?max_windows=4&from=" + newest.path("earlier").asLong());

        assertThat(newest.path("windows").toString()).isEqualTo("[6,7,8,9]");
        assertThat(newest.path("total_columns").asInt()).isEqualTo(2);
        assertThat(newest.path("columns")).hasSize(1);
        assertThat(newest.at("/columns/0").toString())
                .isEqualTo("{\"column\":\"amount\",\"verdicts\":[\"ok\",\"ok\",\"ok\",\"drift\"],"
                        + "\"values\":[0.06,0.07,0.08,0.09]}");
        assertThat(newest.has("later")).isFalse();
        assertThat(middle.path("windows").toString()).isEqualTo("[2,3,4,5]");
        assertThat(middle.path("later").asLong()).isEqualTo(6);
        assertThat(middle.path("earlier").asLong()).isEqualTo(0);
        assertThat(middle.path("versions").toString()).isEqualTo("[\"3\"]");
        assertThat(middle.path("drift_type").asText()).isEqualTo("BASELINE");
        assertThat(middle.path("slices").toString()).isEqualTo("[{\"key\":\"\",\"value\":\"\"}]");
    }

    @Test
    void windowsOfAModelWithoutRowsAreNone() {
        assertThat(windows("").path("windows").toString()).isEqualTo("[]");
        assertThat(server.getPath("/api/v1/drift/fraud/windows?measure=nope").status())
                .isEqualTo(400);
    }

    @Test
    void aLongHistoryIsThinnedOutBetweenItsEnds() {
        days(10);

        JsonNode rows = get("?column=amount&points=4&version=3&drift_type=BASELINE&slice_key=")
                .path("rows");

        assertThat(rows.findValuesAsText("population_stability_index")).containsExactly("0.0", "0.03", "0.06", "0.09");
        put(fixture.path("body"));
        assertThat(server.getPath("/api/v1/drift/fraud?column=amount&points=4").status())
                .isEqualTo(400);
    }

    @Test
    void pagesOfRowsGoOnWithinAWindow() {
        days(3);
        List<String> found = new java.util.ArrayList<>();
        String token = "";
        do {
            JsonNode page = get("?max_results=1&page_token=" + token);
            for (JsonNode row : page.path("rows")) {
                found.add(row.at("/window/start").asText()
                        + row.path("column_name").asText());
            }
            token = page.path("next_page_token").asText();
        } while (!token.isEmpty());

        assertThat(found).containsExactly("0amount", "0calm", "1amount", "1calm", "2amount", "2calm");
    }
}
