package dev.millrace.registry.resource.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsTest {
    private static final String OWN = "0123456789abcdef0123456789abcdef";

    @TempDir
    static Path home;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(home);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode run(String id) {
        return server.get("runs/get?run_id=" + id).json().path("run");
    }

    private static String value(JsonNode items, String key) {
        for (JsonNode item : items) {
            if (item.path("key").asText().equals(key)) return item.path("value").asText();
        }
        return "absent";
    }

    @Test
    void aJobsOwnIdIsTakenOnceAndForAll() {
        String body = "{'experiment_id': '0', 'tags': [{'key': 'millrace.run_id', 'value': '" + OWN + "'}]}";

        JsonNode first = server.post("runs/create", body).json().path("run");
        JsonNode second = server.post("runs/create", body).json().path("run");

        assertThat(first.at("/info/run_id").asText()).isEqualTo(OWN);
        assertThat(second).isEqualTo(first);
        assertThat(server.post("runs/create", "{'tags': [{'key': 'millrace.run_id', 'value': 'not-an-id'}]}")
                        .message())
                .contains("32 lower-case hex digits", "'not-an-id'");
    }

    @Test
    void aNewRunIsRunningAndHasAName() {
        JsonNode info = run(server.run("0", 17)).path("info");

        assertThat(info.path("status").asText()).isEqualTo("RUNNING");
        assertThat(info.path("start_time").asLong()).isEqualTo(17);
        assertThat(info.has("end_time")).isFalse();
        assertThat(info.path("run_name").asText()).matches("[a-z]+-[a-z]+-[0-9]+");
        assertThat(info.path("artifact_uri").asText())
                .isEqualTo("mlflow-artifacts:/0/" + info.path("run_id").asText() + "/artifacts");
        assertThat(info.path("run_uuid")).isEqualTo(info.path("run_id"));
    }

    @Test
    void nameAndTagAreKeptEqual() {
        String id = server.run("0");

        server.post("runs/set-tag", "{'run_id': '" + id + "', 'key': 'mlflow.runName', 'value': 'by tag'}");
        assertThat(run(id).at("/info/run_name").asText()).isEqualTo("by tag");

        server.post("runs/update", "{'run_id': '" + id + "', 'run_name': 'by update'}");
        assertThat(value(run(id).at("/data/tags"), "mlflow.runName")).isEqualTo("by update");

        assertThat(server.post("runs/create", "{'run_name': 'a', 'tags': [{'key': 'mlflow.runName', 'value': 'b'}]}")
                        .message())
                .contains("(run_name='a', mlflow.runName='b')");
    }

    @Test
    void aRunEndsWithStatusAndTime() {
        String id = server.run("0");

        JsonNode info = server.post(
                        "runs/update", "{'run_uuid': '" + id + "', 'status': 'FINISHED', 'end_time': '123'}")
                .json()
                .path("run_info");

        assertThat(info.path("status").asText()).isEqualTo("FINISHED");
        assertThat(info.path("end_time").asLong()).isEqualTo(123);
    }

    @Test
    void aDeletedRunRefusesWritesUntilRestored() {
        String id = server.run("0");
        String named = "{'run_id': '" + id + "'}";
        String metric = "{'run_id': '" + id + "', 'key': 'm', 'value': 1, 'timestamp': 1}";
        server.post("runs/delete", named);

        assertThat(server.post("runs/delete", named).status()).isEqualTo(200);
        assertThat(server.post("runs/log-metric", metric).message())
                .isEqualTo("The run " + id + " must be in the 'active' state. Current state is deleted.");

        server.post("runs/restore", named);
        assertThat(server.post("runs/log-metric", metric).status()).isEqualTo(200);
    }

    @Test
    void theLatestMetricIsTheGreatestByStepThenTimeThenValue() {
        String id = server.run("0");
        server.post(
                "runs/log-batch",
                "{'run_id': '" + id + "', 'metrics': ["
                        + "{'key': 'm', 'value': 9, 'timestamp': 9, 'step': 1},"
                        + "{'key': 'm', 'value': 2, 'timestamp': 1, 'step': 2},"
                        + "{'key': 'm', 'value': 3, 'timestamp': 1, 'step': 2},"
                        + "{'key': 'm', 'value': 8, 'timestamp': 0, 'step': 2}]}");
        server.post("runs/log-metric", "{'run_id': '" + id + "', 'key': 'm', 'value': 7, 'timestamp': 99, 'step': 0}");

        JsonNode metric = run(id).at("/data/metrics/0");

        assertThat(metric.toString()).isEqualTo("{\"key\":\"m\",\"value\":3.0,\"timestamp\":1,\"step\":2}");
    }

    @Test
    void numbersThatAreNotFiniteAreWrittenAsMlflowWritesThem() {
        String id = server.run("0");
        server.post(
                "runs/log-batch",
                "{'run_id': '" + id + "', 'metrics': ["
                        + "{'key': 'nan', 'value': 'NaN', 'timestamp': 1},"
                        + "{'key': 'plus', 'value': 'Infinity', 'timestamp': 1},"
                        + "{'key': 'minus', 'value': '-Infinity', 'timestamp': 1}]}");

        JsonNode metrics = run(id).at("/data/metrics");

        assertThat(value(metrics, "nan")).isEqualTo("NaN");
        assertThat(value(metrics, "plus")).isEqualTo("1.7976931348623157E308");
        assertThat(value(metrics, "minus")).isEqualTo("-1.7976931348623157E308");
    }

    @Test
    void aBatchSentTwiceChangesNothing() {
        String id = server.run("0");
        String batch = "{'run_id': '" + id + "',"
                + "'metrics': [{'key': 'm', 'value': 0.5, 'timestamp': 1, 'step': 1}],"
                + "'params': [{'key': 'p', 'value': '1'}], 'tags': [{'key': 't', 'value': '1'}]}";

        server.post("runs/log-batch", batch);
        JsonNode once = run(id);
        assertThat(server.post("runs/log-batch", batch).status()).isEqualTo(200);

        assertThat(run(id)).isEqualTo(once);
        assertThat(server.get("metrics/get-history?run_id=" + id + "&metric_key=m")
                        .json()
                        .path("metrics"))
                .hasSize(1);
    }

    @Test
    void aParamNeverChangesAndTakesItsWholeBatchDown() {
        String id = server.run("0");
        server.post("runs/log-parameter", "{'run_id': '" + id + "', 'key': 'p', 'value': '1'}");

        TestServer.Answer single =
                server.post("runs/log-parameter", "{'run_id': '" + id + "', 'key': 'p', 'value': '2'}");
        TestServer.Answer batch = server.post(
                "runs/log-batch",
                "{'run_id': '" + id + "',"
                        + "'metrics': [{'key': 'm', 'value': 1, 'timestamp': 1}],"
                        + "'params': [{'key': 'q', 'value': '1'}, {'key': 'p', 'value': '9'}],"
                        + "'tags': [{'key': 't', 'value': '1'}]}");

        assertThat(single.message())
                .isEqualTo("Changing param values is not allowed. Param with key='p' was already logged with value='1'"
                        + " for run ID='" + id + "'. Attempted logging new value '2'.");
        assertThat(batch.message()).contains("{'key': 'p', 'old_value': '1', 'new_value': '9'}");
        assertThat(run(id).at("/data/params")).hasSize(1);
        assertThat(run(id).at("/data").has("metrics")).isFalse();
        assertThat(value(run(id).at("/data/tags"), "t")).isEqualTo("absent");
    }

    @Test
    void longValuesAreCutAsMlflowDoes() {
        String id = server.run("0");
        server.post("runs/log-parameter", "{'run_id': '" + id + "', 'key': 'p', 'value': '" + "x".repeat(7000) + "'}");

        assertThat(value(run(id).at("/data/params"), "p")).hasSize(6000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "runs/log-metric    | 'key': 'm', 'timestamp': 1                   | Missing value for required parameter 'value'",
                "runs/log-metric    | 'key': 'm', 'value': 'x', 'timestamp': 1     | Invalid value \"x\" for parameter 'value' supplied:  Hint: Value was of type 'str'",
                "runs/log-metric    | 'key': 'm', 'value': 1, 'timestamp': -1      | Timestamp must be a nonnegative long",
                "runs/log-metric    | 'key': '../m', 'value': 1, 'timestamp': 1    | This name would resolve to",
                "runs/log-metric    | 'key': 'm#', 'value': 1, 'timestamp': 1      | Names may only contain alphanumerics",
                "runs/log-batch     | 'metrics': [{'key': 'm', 'value': 1}]        | Missing value for required parameter 'metrics[0].timestamp'",
                "runs/log-batch     | 'metrics': 5                                 | Invalid value 5 for parameter 'metrics' supplied:  Hint: Value was of type 'int'",
                "runs/log-batch     | 'params': [{'key': 'd', 'value': '1'}, {'key': 'd', 'value': '1'}] | Duplicate parameter keys have been submitted: ['d']",
                "runs/log-inputs    | 'datasets': [{'dataset': {'name': 'd', 'digest': '0123456789012345678901234567890123456', 'source_type': 's', 'source': 's'}}] | 'digest' exceeds the maximum length of 36 characters",
                "runs/log-model     | 'model_json': '{'                            | Malformed model info.",
                "runs/set-tag       | 'value': 'x'                                 | Missing value for required parameter 'key'",
                "runs/delete-tag    | 'key': 'none'                                | No tag with name: none in run with id",
                "runs/search        | 'max_results': 50001                         | It must be at most 50000",
            })
    void badRequestsAreNamedAsMlflowNamesThem(String call, String fields, String message) {
        String id = server.run("0");

        TestServer.Answer answer = server.post(call, "{'run_id': '" + id + "', " + fields + "}");

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.message()).contains(message);
    }

    @Test
    void aBatchHasItsLimits() {
        String id = server.run("0");
        String metrics = IntStream.range(0, 1001)
                .mapToObj(i -> "{'key': 'm', 'value': 1, 'timestamp': " + i + "}")
                .collect(Collectors.joining(","));

        assertThat(server.post("runs/log-batch", "{'run_id': '" + id + "', 'metrics': [" + metrics + "]}")
                        .message())
                .startsWith("A batch logging request can contain at most 1000 metrics. Got 1001 metrics.");
    }

    @Test
    void historiesArePagedByTimeAndSampledBySteps() {
        String id = server.run("0");
        String metrics = IntStream.range(0, 100)
                .mapToObj(i -> "{'key': 'm', 'value': " + i + ", 'timestamp': " + (1000 - i) + ", 'step': " + i + "}")
                .collect(Collectors.joining(","));
        server.post("runs/log-batch", "{'run_id': '" + id + "', 'metrics': [" + metrics + "]}");
        List<Integer> steps = new ArrayList<>();

        String token = "";
        do {
            JsonNode page = server.get(
                            "metrics/get-history?run_id=" + id + "&metric_key=m&max_results=30&page_token=" + token)
                    .json();
            page.path("metrics").forEach(metric -> steps.add(metric.path("step").asInt()));
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());
        JsonNode sampled = server.get("metrics/get-history-bulk-interval?run_ids=" + id
                        + "&metric_key=m&max_results=10&start_step=10&end_step=59")
                .json()
                .path("metrics");

        assertThat(steps)
                .isEqualTo(IntStream.range(0, 100).mapToObj(i -> 99 - i).toList());
        assertThat(sampled.findValuesAsText("step"))
                .containsExactly("10", "15", "20", "25", "30", "35", "40", "45", "50", "59");
        assertThat(server.getPath("/ajax-api/2.0/mlflow/metrics/get-history-bulk?run_id=" + id + "&metric_key=m")
                        .json()
                        .path("metrics"))
                .hasSize(100);
        assertThat(server.get("metrics/get-history?run_id=" + OWN.replace('0', 'e') + "&metric_key=m")
                        .body())
                .isEqualTo("{}");
    }

    @Test
    void datasetsAreKeptOnceAndListedByExperiment() {
        String experiment = server.experiment("with data");
        String id = server.run(experiment);
        String input = "{'run_id': '" + id + "', 'datasets': [{'tags': [{'key': 'mlflow.data.context', 'value':"
                + " 'training'}], 'dataset': {'name': 'training_sets.fraud', 'digest': '8a1c2f0e-v3', 'source_type':"
                + " 'delta_table', 'source': '{}', 'schema': '{}'}}]}";

        server.post("runs/log-inputs", input);
        server.post("runs/log-inputs", input);

        JsonNode inputs = run(id).at("/inputs/dataset_inputs");
        assertThat(inputs).hasSize(1);
        assertThat(inputs.at("/0/dataset/digest").asText()).isEqualTo("8a1c2f0e-v3");
        assertThat(inputs.at("/0/dataset").has("profile")).isFalse();
        assertThat(inputs.at("/0/tags/0/value").asText()).isEqualTo("training");
        assertThat(server.send(
                                "POST",
                                "/ajax-api/2.0/mlflow/experiments/search-datasets",
                                "{\"experiment_ids\": [\"" + experiment + "\"]}")
                        .json()
                        .path("dataset_summaries")
                        .toString())
                .isEqualTo("[{\"experiment_id\":\"" + experiment
                        + "\",\"name\":\"training_sets.fraud\",\"digest\":\"8a1c2f0e-v3\",\"context\":\"training\"}]");
        assertThat(search(experiment, "dataset.digest = '8a1c2f0e-v3' AND dataset.context = 'training'"))
                .containsExactly(id);
    }

    private static List<String> search(String experiment, String filter) {
        JsonNode found = server.postRaw(
                        "runs/search",
                        TestServer.JSON
                                .createObjectNode()
                                .put("filter", filter)
                                .set(
                                        "experiment_ids",
                                        TestServer.JSON.createArrayNode().add(experiment))
                                .toString())
                .json();
        return found.path("runs").findValues("info").stream()
                .map(info -> info.path("run_id").asText())
                .toList();
    }
}
