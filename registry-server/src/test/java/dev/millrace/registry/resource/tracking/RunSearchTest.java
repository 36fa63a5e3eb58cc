package dev.millrace.registry.resource.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.boot.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Six runs named a to f, with metric m = −inf, 1, 2, inf, NaN and none. */
class RunSearchTest {
    @TempDir
    static Path home;

    private static TestServer server;
    private static String experiment;

    @BeforeAll
    static void start() {
        server = TestServer.start(home);
        experiment = server.experiment("searched");
        String[] values = {"'-Infinity'", "1", "2", "'Infinity'", "'NaN'", null};
        for (int i = 0; i < values.length; i++) {
            String id = server.run(experiment, 100 + i);
            String name = String.valueOf((char) ('a' + i));
            server.post(
                    "runs/update",
                    "{'run_id': '" + id + "', 'run_name': '" + name + "', 'status': '" + (i < 3 ? "FINISHED" : "FAILED")
                            + "', 'end_time': " + (i < 5 ? 200 + i : 0) + "}");
            if (values[i] == null) continue;
            server.post(
                    "runs/log-batch",
                    "{'run_id': '" + id + "', 'metrics': [{'key': 'm', 'value': " + values[i]
                            + ", 'timestamp': 1}], 'params': [{'key': 'p', 'value': '" + i
                            + "'}], 'tags': [{'key': 'team x', "
                            + "'value': 'Risk" + i + "'}]}");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode page(String filter, String order, int maxResults, String token) {
        ObjectNode body = TestServer.JSON.createObjectNode();
        body.putArray("experiment_ids").add(experiment);
        body.put("filter", filter).put("max_results", maxResults).put("page_token", token);
        if (!order.isEmpty()) body.putArray("order_by").add(order);
        return server.postRaw("runs/search", body.toString()).json();
    }

    private static String names(String filter, String order) {
        return names(page(filter, order, 100, ""));
    }

    private static String names(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.path("runs").forEach(run -> names.add(run.at("/info/run_name").asText()));
        return String.join("", names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            emptyValue = "",
            value = {
                "metrics.m > 1                                  | cd",
                "metrics.m >= 1 AND metrics.m < 3               | bc",
                "metrics.m != 1                                 | acde",
                "metrics.m = 1                                  | b",
                "metrics.m <= 1e308                             | abc",
                "params.p = '2'                                 | c",
                "params.p != '2'                                | abde",
                "params.p IS NULL                               | f",
                "params.p IS NOT NULL                           | abcde",
                "params.p LIKE '%'                              | abcde",
                "tags.`team x` LIKE 'Risk_'                     | abcde",
                "tags.`team x` LIKE 'risk%'                     | ^^",
                "tags.\"team x\" ILIKE 'rISK1'                  | b",
                "status = 'FINISHED'                            | abc",
                "attributes.status != 'FINISHED'                | def",
                "run_name = 'a'                                 | a",
                "`Run Name` LIKE '%b%'                          | b",
                "start_time > 103                               | ef",
                "created <= 101                                 | ab",
                "end_time >= 203                                | de",
                "attributes.status = 'FINISHED' AND metrics.m > 0 AND params.p = '1' | b",
                "metrics.missing > 0                            | ^^",
                "tags.mlflow.runName = 'c'                      | c",
            })
    void filtersFind(String filter, String expected) {
        assertThat(names(filter, "start_time ASC")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'', fedcba",
        "start_time ASC, abcdef",
        "metrics.m ASC, abcdef",
        "metrics.m DESC, dcbaef",
        "params.p DESC, edcbaf",
        "params.`p`, abcdef",
        "tags.`team x` DESC, edcbaf",
        "run_name desc, fedcba",
        "attributes.end_time DESC, edcbaf"
    })
    void missingValuesComeLastAndNanBeforeThem(String order, String expected) {
        assertThat(names("", order)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'', fedcba", "metrics.m ASC, abcdef", "metrics.m DESC, dcbaef", "params.p DESC, edcbaf"})
    void pagesGiveEachRunOnceInOrder(String order, String expected) {
        StringBuilder names = new StringBuilder();
        String token = "";
        do {
            JsonNode page = page("", order, 1, token);
            names.append(names(page));
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());

        assertThat(names.toString()).isEqualTo(expected);
    }

    @Test
    void aPageThatIsFullAndLastHasNoToken() {
        assertThat(page("", "", 6, "").has("next_page_token")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "duration > 1              | Invalid attribute key 'duration' specified. Valid keys are",
                "metrics.m LIKE 1          | Invalid comparator 'LIKE'",
                "metrics.m LIKE 'x'        | Expected numeric value type for metric. Found 'x'",
                "metrics.m = NaN           | Expected numeric value type for metric. Found NaN",
                "params.p IN ('a', 'b')    | Expected a quoted string value for parameter (e.g. 'my-value'). Got value ('a', 'b')",
                "params.p > '1'            | Invalid comparator '>'",
                "params.p = 1              | Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1",
                "metrics.m > '0'           | Expected numeric value type for metric. Found '0'",
                "start_time > 'x'          | Expected numeric value type for numeric attribute: start_time. Found 'x'",
                "metrics.m IS NULL         | IS NULL / IS NOT NULL is only supported for tags and params",
                "status IN ('a')           | Only ['run_id'] attributes support comparison with a list of quoted string values.",
                "dataset.name IS NULL      | IS NULL / IS NOT NULL is only supported for tags and params, not for 'dataset' 'name'",
            })
    void whatCannotBeAskedIsRefused(String filter, String message) {
        assertThat(page(filter, "", 1, "").path("message").asText()).contains(message);
    }

    @Test
    void deletedRunsAreFoundOnlyWhenAskedFor() {
        String other = server.experiment("with deleted");
        String kept = server.run(other);
        String gone = server.run(other);
        server.post("runs/delete", "{'run_id': '" + gone + "'}");

        assertThat(server.post("runs/search", "{'experiment_ids': ['" + other + "']}")
                        .json()
                        .findValuesAsText("run_id"))
                .containsExactly(kept);
        assertThat(server.post("runs/search", "{'experiment_ids': ['" + other + "'], 'run_view_type': 'DELETED_ONLY'}")
                        .json()
                        .findValuesAsText("run_id"))
                .containsExactly(gone);
        assertThat(server.post("runs/search", "{'experiment_ids': ['" + other + "'], 'run_view_type': 'ALL'}")
                        .json()
                        .path("runs"))
                .hasSize(2);
        assertThat(server.post("runs/search", "{}").body()).isEqualTo("{}");
    }
}
