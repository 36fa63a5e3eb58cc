package dev.millrace.registry.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody who is editor of {@code team-*} alone names other people's runs, models and folders wherever a request has room
 * for a name: refused, recorded, and nothing has changed.
 */
class NestedIdsTest {
    @TempDir
    static Path home;

    private static TestServer nobody;
    private static TestServer admin;
    private static TestServer team;
    private static String foreign;
    private static String foreignRun;
    private static String foreignModel;
    private static String own;
    private static String ownRun;
    private static String ownModel;

    @BeforeAll
    static void start() throws IOException {
        nobody = TestServer.start(home, "--auth");
        admin = nobody.as(Files.readString(home.resolve("registry/admin-token")).strip());
        admin.send(
                "PUT",
                "/api/v1/users/team",
                """
                {"grants": [{"role": "editor", "scope": "experiment:team-*"}, {"role": "editor", "scope": "model:team-*"}]}""");
        team = nobody.as(admin.send("POST", "/api/v1/tokens", "{\"user\": \"team\"}")
                .json()
                .path("secret")
                .asText());
        foreign = admin.experiment("theirs");
        foreignRun = admin.run(foreign);
        foreignModel = model(admin, foreign);
        own = team.experiment("team-one");
        ownRun = team.run(own);
        ownModel = model(team, own);
        team.post("registered-models/create", "{'name': 'team-model'}");
    }

    @AfterAll
    static void stop() {
        nobody.close();
    }

    private static String model(TestServer by, String experiment) {
        return by.post("logged-models", "{'experiment_id': '" + experiment + "'}")
                .json()
                .at("/model/info/model_id")
                .asText();
    }

    /** Verb, path, body, the audit's action; FRUN, FMODEL, FEXP are the others'. */
    static Stream<Arguments> tries() {
        String metric = "'key': 'm', 'value': 1, 'timestamp': 1";
        return Stream.of(
                post("runs/log-metric", "{'run_id': 'RUN', " + metric + ", 'model_id': 'FMODEL'}"),
                post(
                        "runs/log-batch",
                        "{'run_id': 'RUN', 'metrics': [{" + metric + "}, {" + metric + ", 'model_id': 'FMODEL'}]}"),
                post("runs/log-batch", "{'run_id': 'RUN', 'metrics': [{" + metric + ", 'model_id': 'm-unknown'}]}"),
                post(
                        "runs/outputs",
                        "{'run_id': 'RUN', 'models': [{'model_id': 'MODEL'}, {'model_id': 'FMODEL', 'step': 0}]}"),
                post("runs/log-inputs", "{'run_id': 'RUN', 'models': [{'model_id': 'FMODEL'}]}"),
                post("logged-models", "{'experiment_id': 'EXP', 'source_run_id': 'FRUN'}"),
                post(
                        "runs/create",
                        "{'experiment_id': 'EXP', 'tags': [{'key': 'mlflow.parentRunId', 'value': 'FRUN'}]}"),
                post("runs/create", "{'experiment_id': 'EXP', 'tags': [{'key': 'millrace.run_id', 'value': 'FRUN'}]}"),
                post("runs/set-tag", "{'run_id': 'RUN', 'key': 'mlflow.parentRunId', 'value': 'FRUN'}"),
                post("runs/log-batch", "{'run_id': 'RUN', 'tags': [{'key': 'mlflow.parentRunId', 'value': 'FRUN'}]}"),
                post("experiments/create", "{'name': 'team-two', 'artifact_location': 'mlflow-artifacts:/FEXP/FRUN'}"),
                post("experiments/create", "{'name': 'team-two', 'artifact_location': 'mlflow-artifacts:///FEXP'}"),
                post("experiments/create", "{'name': 'team-two', 'artifact_location': 'mlflow-artifacts:/999/next'}"),
                post("experiments/create", "{'name': 'team-two', 'artifact_location': 'mlflow-artifacts:/shared'}"),
                post("experiments/create", "{'name': 'team-two', 'artifact_location': 'mlflow-artifacts:/'}"),
                post("model-versions/create", "{'name': 'team-model', 'source': 's3://b/m', 'model_id': 'FMODEL'}"),
                post("artifacts/presigned-upload-url", "{'path': 'x', 'run_id': 'RUN', 'model_id': 'FMODEL'}"),
                Arguments.of(
                        "PUT",
                        "/api/v1/drift/team-model/1/0",
                        "{'run_id': 'FRUN', 'granularity': 'day', 'rows': []}",
                        "PUT /api/v1/drift/{model}/{version}/{window_start}"),
                Arguments.of(
                        "POST", "/api/v1/comments", "{'target': 'run:FRUN', 'text': 'x'}", "POST /api/v1/comments"));
    }

    private static Arguments post(String call, String body) {
        return Arguments.of("POST", "/api/2.0/mlflow/" + call, body, "POST " + call);
    }

    @ParameterizedTest
    @MethodSource("tries")
    void whatNamesOthersIsRefusedAndRecorded(String verb, String path, String body, String action) {
        long before = refusals(action);

        Answer refused = team.send(verb, path, filled(body));

        assertThat(refused.status()).as(refused.body()).isEqualTo(403);
        assertThat(refused.body()).contains("Permission denied: `team`");
        assertThat(refusals(action)).isEqualTo(before + 1);
    }

    private static String filled(String text) {
        return text.replace("FRUN", foreignRun)
                .replace("FMODEL", foreignModel)
                .replace("FEXP", foreign)
                .replace("RUN", ownRun)
                .replace("MODEL", ownModel)
                .replace("EXP", own)
                .replace('\'', '"');
    }

    private static long refusals(String action) {
        long count = 0;
        JsonNode entries =
                admin.getPath("/api/v1/audit?user=team&max_results=1000").json().path("entries");
        for (JsonNode entry : entries) {
            boolean isOne = entry.path("action").asText().equals(action)
                    && entry.path("status").asInt() == 403;
            if (isOne) count++;
        }
        return count;
    }

    @Test
    void whatNamesOnesOwnIsTaken() {
        String metric = "'key': 'm', 'value': 1, 'timestamp': 1, 'model_id': 'MODEL'";
        for (String[] call : new String[][] {
            {"runs/log-metric", "{'run_id': 'RUN', " + metric + "}"},
            {"runs/log-batch", "{'run_id': 'RUN', 'metrics': [{" + metric + "}]}"},
            {"runs/outputs", "{'run_id': 'RUN', 'models': [{'model_id': 'MODEL', 'step': 0}]}"},
            {"runs/log-inputs", "{'run_id': 'RUN', 'models': [{'model_id': 'MODEL'}]}"},
            {"logged-models", "{'experiment_id': 'EXP', 'source_run_id': 'RUN'}"},
            {"runs/create", "{'experiment_id': 'EXP', 'tags': [{'key': 'mlflow.parentRunId', 'value': 'RUN'}]}"},
            {
                "runs/create",
                "{'experiment_id': 'EXP', 'tags': [{'key': 'millrace.run_id', 'value': '" + "7".repeat(32) + "'}]}"
            },
            {"experiments/create", "{'name': 'team-elsewhere', 'artifact_location': 's3://bucket/x'}"},
            {"experiments/create", "{'name': 'team-below', 'artifact_location': 'mlflow-artifacts:/EXP/below'}"},
            {"model-versions/create", "{'name': 'team-model', 'source': 'models:/MODEL', 'model_id': 'MODEL'}"}
        }) {
            Answer taken = team.send("POST", "/api/2.0/mlflow/" + call[0], filled(call[1]));

            assertThat(taken.status()).as(call[0] + ": " + taken.body()).isEqualTo(200);
        }
    }

    @Test
    void theOthersModelHasNothingOfIt() {
        team.post(
                "runs/log-metric",
                filled("{'run_id': 'RUN', 'key': 'm', 'value': 1, 'timestamp': 1, 'model_id': 'FMODEL'}"));
        team.post("runs/outputs", filled("{'run_id': 'RUN', 'models': [{'model_id': 'FMODEL', 'step': 0}]}"));

        assertThat(admin.get("logged-models/" + foreignModel).body()).doesNotContain(ownRun);
        assertThat(admin.get("runs/get?run_id=" + ownRun).body()).doesNotContain(foreignModel);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/experiments/FEXP",
                "/experiments/FEXP/",
                "//experiments/FEXP/compare",
                "/experiments/FEXP/runs/FRUN",
                "/experiments/EXP/runs/FRUN",
                "/experiments/999",
                "/models/theirs",
                "/models/thei%72s",
                "/models/theirs/versions/1",
                "/drift/theirs",
                "/tables/raw.events",
                "/lineage",
                "/anything/else"
            })
    void nobodyWatchesWhoIsOnPagesTheyMayNotSee(String page) {
        String place = URLEncoder.encode(filled(page), StandardCharsets.UTF_8);

        Answer refused = team.getPath("/api/v1/events?topic=models&place=" + place);

        assertThat(refused.status()).as(refused.body()).isEqualTo(403);
    }

    @Test
    void aPlaceIsNotCutToAnother() {
        String place = "/models/team-" + "x".repeat(4_000);

        Answer refused = team.send(HttpRequest.newBuilder(URI.create(nobody.url() + "/api/v1/events?place=" + place))
                .header("Accept", "text/event-stream"));

        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void commentsOnWhatOneMayNotSeeAnyMoreAreLeftAlone() {
        admin.send(
                "PUT",
                "/api/v1/users/guest",
                "{\"grants\": [{\"role\": \"viewer\", \"scope\": \"experiment:theirs\"}]}");
        TestServer guest = nobody.as(admin.send("POST", "/api/v1/tokens", "{\"user\": \"guest\"}")
                .json()
                .path("secret")
                .asText());
        String comment = guest.send(
                        "POST", "/api/v1/comments", "{\"target\": \"run:" + foreignRun + "\", \"text\": \"x\"}")
                .json()
                .path("id")
                .asText();
        admin.send("PUT", "/api/v1/users/guest", "{\"grants\": []}");

        assertThat(guest.send("PATCH", "/api/v1/comments/" + comment, "{\"text\": \"y\"}")
                        .status())
                .isEqualTo(403);
        assertThat(guest.send("DELETE", "/api/v1/comments/" + comment, "").status())
                .isEqualTo(403);
        assertThat(team.send("DELETE", "/api/v1/comments/999999", "").status()).isEqualTo(403);
    }
}
