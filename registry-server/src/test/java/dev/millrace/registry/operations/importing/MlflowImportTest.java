package dev.millrace.registry.operations.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Oracle: a database made by MLflow 3.17.2 (oracle/mlflow_database.py). That everything is the same through MLflow's own
 * client, by file and by REST, is scripts/acceptance/test_m_import_mlflow.py.
 */
class MlflowImportTest {
    @TempDir
    static Path folder;

    private static Path home;
    private static MlflowImport.Report report;
    private static TestServer server;
    private static String run;

    @BeforeAll
    static void importAndStart() throws Exception {
        Path database = mlflowDatabase(folder.resolve("mlflow.db"));
        home = folder.resolve("home");
        Files.createDirectories(home.resolve("registry"));
        report = importer(home).from(database.toString(), Optional.empty());
        server = TestServer.start(home);
        run = runs("1", "ACTIVE_ONLY").at("/0/info/run_id").asText();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static MlflowImport importer(Path into) {
        return new MlflowImport(TestDatabases.of(into), into.resolve("registry"), Clock.systemUTC());
    }

    /** With a folder of artifacts for experiment "local" beside it. */
    private static Path mlflowDatabase(Path file) throws Exception {
        Path artifacts = file.resolveSibling("artifacts-of-mlflow");
        Files.createDirectories(artifacts.resolve("7/some-run/artifacts"));
        Files.writeString(artifacts.resolve("7/some-run/artifacts/a.txt"), "content");
        try (InputStream in = MlflowImportTest.class.getResourceAsStream("/oracle/mlflow_database.sql");
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            statement.executeUpdate("BEGIN;" + sql + "COMMIT;");
            statement.executeUpdate(
                    "UPDATE experiments SET artifact_location = '" + artifacts + "/7' WHERE name = 'local'");
            statement.executeUpdate("UPDATE runs SET artifact_uri = '" + artifacts
                    + "/7/' || run_uuid || '/artifacts' WHERE name = 'with files'");
        }
        return file;
    }

    private static JsonNode runs(String experiment, String view) {
        return server.post("runs/search", "{'experiment_ids': ['" + experiment + "'], 'run_view_type': '" + view + "'}")
                .json()
                .path("runs");
    }

    @Test
    void idsAndLifecyclesAreKept() {
        JsonNode found = server.get("experiments/search?max_results=10&view_type=ALL")
                .json()
                .path("experiments");

        assertThat(found.findValuesAsText("experiment_id")).containsExactlyInAnyOrder("0", "1", "2", "3");
        assertThat(server.get("experiments/get?experiment_id=1")
                        .json()
                        .at("/experiment/tags/0/value")
                        .asText())
                .isEqualTo("risk");
        assertThat(server.get("experiments/get?experiment_id=3")
                        .json()
                        .at("/experiment/lifecycle_stage")
                        .asText())
                .isEqualTo("deleted");
        assertThat(runs("1", "DELETED_ONLY").at("/0/info/run_name").asText()).isEqualTo("gone");
        assertThat(Integer.parseInt(server.experiment("next"))).isGreaterThan(3);
    }

    @Test
    void runsHaveTheirHistoriesParamsTagsAndDatasets() {
        JsonNode found = server.get("runs/get?run_id=" + run).json().path("run");

        assertThat(found.at("/info/status").asText()).isEqualTo("FINISHED");
        assertThat(found.at("/info/end_time").asLong()).isEqualTo(2000);
        assertThat(found.at("/data/params").toString())
                .isEqualTo("[{\"key\":\"depth\",\"value\":\"5\"},{\"key\":\"empty\",\"value\":\"\"}]");
        assertThat(found.at("/data/tags").toString()).contains("v\\nw");
        assertThat(found.at("/data/metrics").findValuesAsText("key")).containsExactly("acc", "m", "n");
        assertThat(found.at("/data/metrics/1/value").asText()).isEqualTo("1.7976931348623157E308");
        List<String> history = new ArrayList<>();
        server.get("metrics/get-history?metric_key=m&run_id=" + run)
                .json()
                .path("metrics")
                .forEach(point -> history.add(
                        point.path("step") + ":" + point.path("value").asText()));
        assertThat(history).containsExactly("0:0.5", "1:NaN", "2:1.7976931348623157E308");
        assertThat(found.at("/inputs/dataset_inputs/0/dataset/digest").asText()).isEqualTo("abc");
        assertThat(found.at("/inputs/dataset_inputs/0/tags/0/value").asText()).isEqualTo("training");
        assertThat(found.at("/outputs/model_outputs/0/step").asInt()).isEqualTo(3);
    }

    @Test
    void modelsHaveTheirVersionsStagesAndAliases() {
        JsonNode version = server.get("registered-models/alias?name=fraud&alias=champion")
                .json()
                .path("model_version");

        assertThat(version.path("version").asText()).isEqualTo("2");
        assertThat(version.path("current_stage").asText()).isEqualTo("Production");
        assertThat(version.path("run_id").asText()).isEqualTo(run);
        assertThat(server.get("model-versions/get?name=fraud&version=3").status())
                .isEqualTo(404);
        assertThat(server.post(
                                "model-versions/create",
                                "{'name': 'fraud', 'source': 'runs:/" + run + "/m', 'run_id': '" + run + "'}")
                        .json()
                        .at("/model_version/version")
                        .asText())
                .as("the number of a deleted version is not given again")
                .isEqualTo("4");
        String model = server.get("runs/get?run_id=" + run)
                .json()
                .at("/run/outputs/model_outputs/0/model_id")
                .asText();
        assertThat(server.get("logged-models/" + model)
                        .json()
                        .at("/model/data/metrics/0/value")
                        .asDouble())
                .isEqualTo(0.9);
    }

    @Test
    void localFoldersBecomeOursAndOthersAreTold() {
        assertThat(home.resolve("registry/artifacts/2/some-run/artifacts/a.txt"))
                .hasContent("content");
        assertThat(runs("2", "ACTIVE_ONLY").at("/0/info/artifact_uri").asText()).startsWith("mlflow-artifacts:/2/");
        assertThat(report.files()).isEqualTo(1);
        assertThat(report.notFound()).anyMatch(place -> place.equals("mlflow-artifacts:/1"));
    }

    @Test
    void aRegistryInUseAndOtherFilesAreRefused(@TempDir Path other) throws Exception {
        Path text = Files.writeString(other.resolve("text"), "no database");
        Path ours = other.resolve("home");
        Files.createDirectories(ours.resolve("registry"));

        assertThatThrownBy(() -> importer(ours).from(text.toString(), Optional.empty()))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("is no MLflow database");
        assertThatThrownBy(() -> importer(ours).from(other.resolve("none").toString(), Optional.empty()))
                .isInstanceOf(MillraceException.class)
                .extracting(failure -> ((MillraceException) failure).kind())
                .isEqualTo(ErrorKind.NOT_FOUND);
    }
}
