package dev.millrace.registry.resource.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentsTest {
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

    @Test
    void theDefaultExperimentIsThereFromTheStart() {
        JsonNode experiment =
                server.get("experiments/get?experiment_id=0").json().path("experiment");

        assertThat(experiment.path("name").asText()).isEqualTo("Default");
        assertThat(experiment.path("artifact_location").asText()).isEqualTo("mlflow-artifacts:/0");
        assertThat(experiment.has("tags")).isFalse();
    }

    @Test
    void bothPrefixesAnswerTheSame() {
        assertThat(server.getPath("/ajax-api/2.0/mlflow/experiments/get?experiment_id=0")
                        .body())
                .isEqualTo(server.get("experiments/get?experiment_id=0").body());
    }

    @Test
    void aDeletedExperimentKeepsItsNameAndComesBackWithItsRuns() {
        String id = server.experiment("mortal");
        String run = server.run(id);
        String named = "{'experiment_id': '" + id + "'}";

        server.post("experiments/delete", named);

        assertThat(server.get("experiments/get?experiment_id=" + id)
                        .json()
                        .at("/experiment/lifecycle_stage")
                        .asText())
                .isEqualTo("deleted");
        assertThat(server.post("experiments/create", "{'name': 'mortal'}").errorCode())
                .isEqualTo("RESOURCE_ALREADY_EXISTS");
        assertThat(server.post("runs/create", named).message())
                .isEqualTo("The experiment " + id + " must be in the 'active' state. Current state is deleted.");
        assertThat(server.get("runs/get?run_id=" + run)
                        .json()
                        .at("/run/info/lifecycle_stage")
                        .asText())
                .isEqualTo("deleted");
        assertThat(server.post("experiments/delete", named).status()).isEqualTo(404);
        assertThat(server.post("experiments/restore", named).status()).isEqualTo(200);
        assertThat(server.get("runs/get?run_id=" + run)
                        .json()
                        .at("/run/info/lifecycle_stage")
                        .asText())
                .isEqualTo("active");
    }

    @Test
    void tagsAreSetReplacedAndDeleted() {
        String id = server.experiment("tagged");
        server.post("experiments/set-experiment-tag", "{'experiment_id': '" + id + "', 'key': 'k', 'value': '1'}");
        server.post("experiments/set-experiment-tag", "{'experiment_id': '" + id + "', 'key': 'k', 'value': '2'}");

        assertThat(server.get("experiments/get?experiment_id=" + id)
                        .json()
                        .at("/experiment/tags")
                        .toString())
                .isEqualTo("[{\"key\":\"k\",\"value\":\"2\"}]");

        String delete = "{'experiment_id': '" + id + "', 'key': 'k'}";
        assertThat(server.post("experiments/delete-experiment-tag", delete).status())
                .isEqualTo(200);
        assertThat(server.post("experiments/delete-experiment-tag", delete).status())
                .isEqualTo(404);
    }

    @Test
    void renamingToATakenNameIsRefused() {
        String id = server.experiment("first name");
        server.experiment("second name");

        assertThat(server.post("experiments/update", "{'experiment_id': '" + id + "', 'new_name': 'second name'}")
                        .status())
                .isEqualTo(400);
        assertThat(server.post("experiments/update", "{'experiment_id': '" + id + "', 'new_name': 'third name'}")
                        .status())
                .isEqualTo(200);
        assertThat(server.get("experiments/get-by-name?experiment_name=third%20name")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void pagesOfASearchMeetInTheMiddle() {
        for (int i = 0; i < 7; i++) server.experiment("paged-" + i);
        List<String> names = new ArrayList<>();

        String token = "";
        do {
            JsonNode page = server.post(
                            "experiments/search",
                            "{'max_results': 3, 'filter': 'name LIKE \\\"paged-%\\\"', 'order_by': ['name DESC'], 'page_token': '"
                                    + token + "'}")
                    .json();
            page.path("experiments")
                    .forEach(found -> names.add(found.path("name").asText()));
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());

        assertThat(names).containsExactly("paged-6", "paged-5", "paged-4", "paged-3", "paged-2", "paged-1", "paged-0");
    }

    @Test
    void aPageTokenOfAnotherSearchIsRefused() {
        for (int i = 0; i < 3; i++) server.experiment("token-" + i);
        String token = server.post("experiments/search", "{'max_results': 1}")
                .json()
                .path("next_page_token")
                .asText();

        assertThat(server.post(
                                "experiments/search",
                                "{'max_results': 1, 'order_by': ['name'], 'page_token': '" + token + "'}")
                        .message())
                .startsWith("Invalid page token");
        assertThat(server.post("experiments/search", "{'max_results': 1, 'page_token': '?'}")
                        .message())
                .isEqualTo("Invalid page token, could not base64-decode");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "experiments/create | {}                         | Missing value for required parameter 'name'. See",
                "experiments/create | {'name': ''}               | Missing value for required parameter 'name'",
                "experiments/create | {'name': 12}               | Invalid value 12 for parameter 'name' supplied:  Hint: Value was of type 'int'",
                "experiments/create | {'name': ['a']}            | Invalid value [\"a\"] for parameter 'name' supplied:  Hint: Value was of type 'list'",
                "experiments/create | {'name': 'x', 'tags': [{}]} | Invalid value \"\" for parameter 'key' supplied: Names may be treated as files",
                "experiments/create | {'name': 'x', 'tags': ['a']} | Invalid value \"a\" for parameter 'tags[0]' supplied",
                "experiments/search | {}                         | Invalid value 0 for parameter 'max_results' supplied",
                "experiments/search | {'max_results': 0}         | Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer",
                "experiments/search | {'max_results': 50001}     | It must be at most 50000",
                "experiments/search | {'max_results': 1.5}       | Hint: Value was of type 'float'",
                "experiments/delete | {'experiment_id': 'abc'}   | Invalid experiment ID 'abc'. Experiment ID must be a valid integer.",
                "experiments/delete | {'experiment_id': '999'}   | No Experiment with id=999 exists",
            })
    void badRequestsAreNamedAsMlflowNamesThem(String call, String body, String message) {
        TestServer.Answer answer = server.post(call, body);

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.message()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc",
                "/etc",
                "etc",
                "http://evil/x",
                "hdfs://host/x",
                "ftp://x/y",
                "//host/x",
                "mlflow-artifacts:/../x",
                "mlflow-artifacts:/a?b",
                "s3://bucket/a#b",
                "s3://bucket/%2e%2e/x"
            })
    void artifactsAreKeptOnlyHereOrInObjectStores(String location) {
        assertThat(server.post(
                                "experiments/create",
                                "{'name': 'at " + location + "', 'artifact_location': '" + location + "'}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anObjectStoreIsAPlaceForArtifacts() {
        String id = server.post("experiments/create", "{'name': 'far', 'artifact_location': 's3://bucket/a/'}")
                .json()
                .path("experiment_id")
                .asText();
        String run = server.run(id);

        assertThat(server.get("runs/get?run_id=" + run)
                        .json()
                        .at("/run/info/artifact_uri")
                        .asText())
                .isEqualTo("s3://bucket/a/" + run + "/artifacts");
        assertThat(server.get("artifacts/list?run_id=" + run).status()).isEqualTo(400);
    }
}
