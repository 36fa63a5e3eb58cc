package dev.millrace.registry.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The spellings of a request that MLflow's server reads, and that permissions are decided by the same reading. */
class ProtoJsonTest {
    @TempDir
    static Path home;

    private static TestServer nobody;
    private static TestServer admin;
    private static String experiment;

    @BeforeAll
    static void start() throws IOException {
        nobody = TestServer.start(home, "--auth");
        admin = nobody.as(Files.readString(home.resolve("registry/admin-token")).strip());
        experiment = admin.experiment("spelled");
    }

    @AfterAll
    static void stop() {
        nobody.close();
    }

    private static Answer getWithBody(TestServer asking, String call, String json) {
        return asking.send(HttpRequest.newBuilder(URI.create(asking.url() + "/api/2.0/mlflow/" + call))
                .header("Content-Type", "application/json")
                .method("GET", HttpRequest.BodyPublishers.ofString(json.replace('\'', '"'))));
    }

    @Test
    void namesMayBeInCamelCase() {
        Answer made = admin.post(
                "runs/create",
                "{'experimentId': '" + experiment + "', 'startTime': 7, 'runName': 'camel', 'tags': [{'key': 'oneTag'"
                        + ", 'value': 'aB'}]}");

        assertThat(made.json().at("/run/info/experiment_id").asText()).isEqualTo(experiment);
        assertThat(made.json().at("/run/info/start_time").asLong()).isEqualTo(7);
        assertThat(made.json().at("/run/info/run_name").asText()).isEqualTo("camel");
        assertThat(made.json().at("/run/data/tags").toString()).contains("oneTag", "aB");
    }

    @Test
    void oneFieldInTwoSpellingsIsRefused() {
        Answer both = admin.post(
                "runs/create", "{'experiment_id': '" + experiment + "', 'experimentId': '0', 'start_time': 1}");

        assertThat(both.status()).isEqualTo(400);
    }

    @Test
    void aGetMayHaveItsFieldsInItsBody() {
        assertThat(getWithBody(admin, "experiments/get", "{'experiment_id': '" + experiment + "'}")
                        .json()
                        .at("/experiment/name")
                        .asText())
                .isEqualTo("spelled");
        assertThat(getWithBody(admin, "experiments/get?experiment_id=0", "{'experiment_id': '" + experiment + "'}")
                        .json()
                        .at("/experiment/name")
                        .asText())
                .as("the query goes before the body")
                .isEqualTo("Default");
    }

    @Test
    void permissionsSeeEverySpelling() {
        Answer granted = admin.send(
                "PUT",
                "/api/v1/users/narrow",
                "{\"grants\": [{\"role\": \"editor\", \"scope\": \"experiment:team-*\"}]}");
        assertThat(granted.status()).isEqualTo(200);
        TestServer narrow = nobody.as(admin.send("POST", "/api/v1/tokens", "{\"user\": \"narrow\"}")
                .json()
                .path("secret")
                .asText());

        assertThat(narrow.post("runs/create", "{'experimentId': '" + experiment + "'}")
                        .status())
                .isEqualTo(403);
        assertThat(getWithBody(narrow, "experiments/get", "{'experimentId': '" + experiment + "'}")
                        .status())
                .isEqualTo(403);
        assertThat(narrow.post("experiments/create", "{'name': 'team-a'}").status())
                .isEqualTo(200);
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(admin.postRaw("experiments/create", "\ufeff{\"name\": \"marked\"}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"3.0, 3", "3e2, 300", "-2.0, -2"})
    void wholeNumbersMayHaveAPoint(String step, long read) {
        String run = admin.run(experiment);

        admin.post(
                "runs/log-metric",
                "{'run_id': '" + run + "', 'key': 'm', 'value': 1, 'timestamp': 1, 'step': " + step + "}");

        assertThat(admin.get("metrics/get-history?run_id=" + run + "&metric_key=m")
                        .json()
                        .at("/metrics/0/step")
                        .asLong())
                .isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1e300", "9007199254740994.0"})
    void otherNumbersAreNot(String step) {
        String run = admin.run(experiment);

        assertThat(admin.post(
                                "runs/log-metric",
                                "{'run_id': '" + run + "', 'key': 'm', 'value': 1, 'timestamp': 1, 'step': " + step
                                        + "}")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\\t", "\\u00a0 \\u2003"})
    void anExperimentHasANameThatCanBeSeen(String name) {
        assertThat(admin.post("experiments/create", "{'name': '" + name + "'}").message())
                .startsWith("Invalid experiment name");
    }

    @Test
    void aSearchWithAFieldThatItDoesNotHaveIsRefused() {
        Answer search = admin.post(
                "runs/search", "{'experiment_ids': ['" + experiment + "'], 'filter_string': 'metrics.m > 1'}");

        assertThat(search.status()).isEqualTo(400);
        assertThat(search.message()).contains("filter_string");
    }

    @Test
    void elsewhereSuchAFieldIsToldWithTheAnswer() {
        Answer made =
                admin.post("runs/create", "{'experiment_id': '" + experiment + "', 'color': 'red', 'shape': null}");

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.response().headers().firstValue("Millrace-Ignored-Fields"))
                .contains("color");
    }

    @Test
    void aFileIsFoundByPathsThatMeanHere() {
        String run = admin.run(experiment);
        admin.send(HttpRequest.newBuilder(URI.create(admin.url() + "/api/2.0/mlflow-artifacts/artifacts/" + experiment
                        + "/" + run + "/artifacts/a.txt"))
                .PUT(HttpRequest.BodyPublishers.ofString("here")));

        assertThat(admin.get("artifacts/list?run_id=" + run + "&path=.").body()).contains("a.txt");
        assertThat(admin.get("artifacts/list?run_id=" + run + "&path=./").body())
                .contains("a.txt");
        assertThat(admin.getPath("/get-artifact?run_id=" + run + "&path=./a.txt")
                        .body())
                .isEqualTo("here");
        assertThat(admin.getPath("/get-artifact?run_id=" + run + "&path=./../a.txt")
                        .status())
                .isEqualTo(400);
    }
}
