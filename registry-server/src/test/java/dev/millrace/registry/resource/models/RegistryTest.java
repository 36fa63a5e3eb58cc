package dev.millrace.registry.resource.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
    @TempDir
    static Path home;

    private static TestServer server;
    private static String run;

    @BeforeAll
    static void start() {
        server = TestServer.start(home);
        run = server.run("0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestServer.Answer model(String name) {
        return server.post("registered-models/create", "{'name': '" + name + "'}");
    }

    private static TestServer.Answer version(String name, String source) {
        return server.post(
                "model-versions/create",
                "{'name': '" + name + "', 'source': '" + source + "', 'run_id': '" + run + "'}");
    }

    private static TestServer.Answer version(String name) {
        return version(name, "runs:/" + run + "/model");
    }

    private static TestServer.Answer alias(String name, String alias, String version) {
        return server.post(
                "registered-models/alias",
                "{'name': '" + name + "', 'alias': '" + alias + "', 'version': '" + version + "'}");
    }

    private static JsonNode get(String name) {
        return server.get("registered-models/get?name=" + name).json().path("registered_model");
    }

    @Test
    void versionsCountUpAndNumbersAreNeverGivenTwice() {
        model("counted");
        version("counted");
        version("counted");
        server.send("DELETE", "/api/2.0/mlflow/model-versions/delete", "{\"name\":\"counted\",\"version\":\"2\"}");

        JsonNode third = version("counted").json().path("model_version");

        assertThat(third.path("version").asText()).isEqualTo("3");
        assertThat(third.path("status").asText()).isEqualTo("READY");
        assertThat(third.path("current_stage").asText()).isEqualTo("None");
        assertThat(server.get("model-versions/get?name=counted&version=2").message())
                .isEqualTo("Model Version (name=counted, version=2) not found");
        assertThat(server.get("model-versions/search?filter=name%3D'counted'")
                        .json()
                        .findValuesAsText("version"))
                .containsExactly("3", "1");
    }

    @Test
    void anAliasMovesAndGoesWithItsVersion() {
        model("aliased");
        version("aliased");
        version("aliased");

        alias("aliased", "champion", "1");
        alias("aliased", "champion", "2");

        assertThat(get("aliased").path("aliases").toString()).isEqualTo("[{\"alias\":\"champion\",\"version\":\"2\"}]");
        assertThat(server.get("registered-models/alias?name=aliased&alias=champion")
                        .json()
                        .at("/model_version/aliases/0")
                        .asText())
                .isEqualTo("champion");
        server.send("DELETE", "/api/2.0/mlflow/model-versions/delete", "{\"name\":\"aliased\",\"version\":\"2\"}");
        TestServer.Answer gone = server.get("registered-models/alias?name=aliased&alias=champion");
        assertThat(gone.status()).isEqualTo(400);
        assertThat(gone.message()).isEqualTo("Registered model alias champion not found.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "latest | 'latest' alias name (case insensitive) is reserved.",
                "V1     | Version alias name 'V1' is reserved.",
                "a b    | Invalid alias name: 'a b'. Names may only contain alphanumerics",
            })
    void someAliasesAreReserved(String alias, String message) {
        assertThat(alias("any", alias, "1").message()).startsWith(message);
    }

    @Test
    void anAliasNeedsItsVersion() {
        model("bare");

        assertThat(alias("bare", "champion", "1").status()).isEqualTo(404);
        assertThat(alias("bare", "champion", "one").message())
                .isEqualTo("Parameter 'version' must be an integer, got 'one'.");
    }

    @Test
    void theDownloadUriIsTheSourceOfTheOriginal() {
        model("placed");
        version("placed");
        server.post("model-versions/create", "{'name': 'placed', 'source': 'models:/placed/1'}");
        server.post("model-versions/create", "{'name': 'placed', 'source': 'models:/placed/2'}");
        String files = "mlflow-artifacts:/0/" + run + "/artifacts/model";

        for (int version : new int[] {1, 2, 3})
            assertThat(downloadUri("placed", version)).isEqualTo("runs:/" + run + "/model");

        server.send("DELETE", "/api/2.0/mlflow/model-versions/delete", "{\"name\": \"placed\", \"version\": \"1\"}");
        assertThat(downloadUri("placed", 2)).isEqualTo(files);
        assertThat(downloadUri("placed", 3)).isEqualTo(files);
    }

    private static String downloadUri(String model, int version) {
        return server.get("model-versions/get-download-uri?name=" + model + "&version=" + version)
                .json()
                .path("artifact_uri")
                .asText();
    }

    @Test
    void aRunThatIsNotThereIsTakenByItsWord() {
        model("unseen");

        server.post("model-versions/create", "{'name': 'unseen', 'source': 'runs:/run_id/model', 'run_id': 'run_id'}");

        assertThat(downloadUri("unseen", 1)).isEqualTo("runs:/run_id/model");
        assertThat(server.getPath("/model-versions/get-artifact?name=unseen&version=1&path=MLmodel")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whatIsSaidOfAVersionIsNoChangeOfItsModel() throws Exception {
        model("touched");
        version("touched");
        long before = changed("touched");
        Thread.sleep(5);

        server.send(
                "PATCH",
                "/api/2.0/mlflow/model-versions/update",
                "{\"name\": \"touched\", \"version\": \"1\", \"description\": \"d\"}");
        assertThat(changed("touched")).isEqualTo(before);

        server.post("model-versions/transition-stage", "{'name': 'touched', 'version': '1', 'stage': 'Staging'}");
        assertThat(changed("touched")).isGreaterThan(before);
    }

    private static long changed(String model) {
        return server.get("registered-models/get?name=" + model)
                .json()
                .at("/registered_model/last_updated_timestamp")
                .asLong();
    }

    @Test
    void aCopyComesFromTheRunOfItsOriginal() {
        model("original");
        version("original");
        model("copied");

        JsonNode copy = server.post("model-versions/create", "{'name': 'copied', 'source': 'models:/original/1'}")
                .json()
                .path("model_version");

        assertThat(copy.path("run_id").asText()).isEqualTo(run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "file:///etc",
                "file://host/etc",
                "//proc/self/root",
                "etc",
                "runs:/other/model",
                "runs:/RUN/../x",
                "runs:/RUN/%2e%2e/x",
                "mlflow-artifacts:/0/other/artifacts",
                "mlflow-artifacts:/../x",
                "mlflow-artifacts:/0/RUN/artifacts/../../x",
                "http://evil/x",
                "hdfs://host/x",
                "s3://bucket/../x",
                "models:/m-0123456789abcdef0123456789abcdef"
            })
    void aSourceMustBelongToTheRun(String source) {
        model("sourced");

        TestServer.Answer answer = version("sourced", source.replace("RUN", run));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void stagesMoveAndArchiveOthers() {
        model("staged");
        version("staged");
        version("staged");
        String move = "{'name': 'staged', 'version': '%s', 'stage': 'production', 'archive_existing_versions': true}";
        server.post("model-versions/transition-stage", move.formatted("1"));
        server.post("model-versions/transition-stage", move.formatted("2"));

        JsonNode latest = server.post(
                        "registered-models/get-latest-versions",
                        "{'name': 'staged', 'stages': ['Production', 'Archived']}")
                .json()
                .path("model_versions");

        assertThat(latest.findValuesAsText("version")).containsExactly("1", "2");
        assertThat(latest.findValuesAsText("current_stage")).containsExactly("Archived", "Production");
        assertThat(server.post("model-versions/transition-stage", "{'name': 'staged', 'version': '1', 'stage': 'Live'}")
                        .message())
                .isEqualTo(
                        "Invalid Model Version stage: Live. Value must be one of None, Staging, Production, Archived.");
    }

    @Test
    void modelsAreRenamedDescribedTaggedAndDeleted() {
        model("draft");
        version("draft");
        server.post("registered-models/rename", "{'name': 'draft', 'new_name': 'final'}");
        server.send(
                "PATCH", "/api/2.0/mlflow/registered-models/update", "{\"name\":\"final\",\"description\":\"about\"}");
        server.post("registered-models/set-tag", "{'name': 'final', 'key': 'k', 'value': 'v'}");

        JsonNode model = get("final");

        assertThat(model.path("description").asText()).isEqualTo("about");
        assertThat(model.at("/tags/0/value").asText()).isEqualTo("v");
        assertThat(model.at("/latest_versions/0/name").asText()).isEqualTo("final");
        assertThat(model("final").errorCode()).isEqualTo("RESOURCE_ALREADY_EXISTS");
        server.send("DELETE", "/api/2.0/mlflow/registered-models/delete", "{\"name\":\"final\"}");
        assertThat(server.get("registered-models/get?name=final").message())
                .isEqualTo("Registered Model with name=final not found");
        model("final");
        assertThat(version("final").json().at("/model_version/version").asText())
                .isEqualTo("1");
    }

    @Test
    void promptsAreFoundOnlyWhenTheyAreAskedFor() {
        model("asked-model");
        server.post(
                "registered-models/create",
                "{'name': 'asked-prompt', 'tags': [{'key': 'mlflow.prompt.is_prompt', 'value': 'true'}]}");
        String asked = "registered-models/search?filter=name%20LIKE%20'asked-%25'";

        JsonNode plain = server.get(asked).json();
        JsonNode prompts = server.get(asked + "%20AND%20tag.%60mlflow.prompt.is_prompt%60%20%3D%20'true'")
                .json();

        assertThat(plain.path("registered_models").findValuesAsText("name")).containsExactly("asked-model");
        assertThat(prompts.path("registered_models").findValuesAsText("name")).containsExactly("asked-prompt");
    }

    @Test
    void promptsAreHiddenByTheTagModelsDoNotHave() {
        model("model-not-prompt");
        server.post(
                "registered-models/create",
                "{'name': 'prompt', 'tags': [{'key': 'mlflow.prompt.is_prompt', 'value': 'true'}]}");

        JsonNode found = server.get(
                        "registered-models/search?filter=name%20LIKE%20'%25prompt'%20AND%20tag.%60mlflow.prompt.is_prompt%60%20!%3D%20'true'")
                .json();

        assertThat(found.path("registered_models").findValuesAsText("name")).containsExactly("model-not-prompt");
    }

    @Test
    void namesHaveNoSlashAndNoColon() {
        assertThat(model("a/b").message()).isEqualTo("Invalid model name 'a/b'. Names cannot contain '/' or ':'.");
        assertThat(model("a:b").status()).isEqualTo(400);
    }
}
