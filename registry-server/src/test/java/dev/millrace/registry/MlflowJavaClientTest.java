package dev.millrace.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.RunsPage;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** MLflow's own Java client (2.17.2) against the server. */
class MlflowJavaClientTest {
    @TempDir
    static Path home;

    private static TestServer server;
    private static MlflowClient client;

    @BeforeAll
    static void start() {
        server = TestServer.start(home);
        client = new MlflowClient(new BasicMlflowHostCreds(server.url()));
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Test
    void experimentsLiveAndDie() {
        String id = client.createExperiment("java experiments");
        client.setExperimentTag(id, "team", "risk");
        client.renameExperiment(id, "java renamed");

        assertThat(client.getExperimentByName("java renamed").orElseThrow().getExperimentId())
                .isEqualTo(id);
        assertThat(client.getExperiment(id).getTags(0).getValue()).isEqualTo("risk");
        assertThat(client.searchExperiments("name = 'java renamed'").getItems()).hasSize(1);
        client.deleteExperiment(id);
        assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("deleted");
        client.restoreExperiment(id);
        assertThat(client.getExperimentByName("none")).isEmpty();
    }

    @Test
    void runsTakeWhatIsLoggedAndGiveItBack() {
        String experiment = client.createExperiment("java runs");
        RunInfo created = client.createRun(experiment);
        String id = created.getRunUuid();
        client.logParam(id, "depth", "5");
        client.logMetric(id, "auc", 0.91);
        client.logMetric(id, "loss", Double.NaN, 1000, 1);
        client.setTag(id, "team", "risk");
        client.logBatch(
                id,
                List.of(Metric.newBuilder()
                        .setKey("auc")
                        .setValue(0.95)
                        .setTimestamp(2000)
                        .setStep(2)
                        .build()),
                List.of(Param.newBuilder().setKey("algorithm").setValue("gbt").build()),
                List.of(RunTag.newBuilder().setKey("kind").setValue("test").build()));
        client.setTerminated(id, RunStatus.FINISHED);

        Run run = client.getRun(id);

        assertThat(run.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.getData().getParamsList()).extracting(Param::getKey).containsExactly("algorithm", "depth");
        assertThat(run.getData().getMetricsList())
                .extracting(Metric::getKey, Metric::getValue)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("auc", 0.95),
                        org.assertj.core.groups.Tuple.tuple("loss", Double.NaN));
        assertThat(client.getMetricHistory(id, "auc")).hasSize(2);
        client.deleteTag(id, "kind");
        assertThatThrownBy(() -> client.logParam(id, "depth", "6"))
                .isInstanceOf(MlflowHttpException.class)
                .hasMessageContaining("400");
        client.deleteRun(id);
        client.restoreRun(id);
    }

    @Test
    void runsAreSearchedPageByPage() {
        String experiment = client.createExperiment("java search");
        for (int i = 0; i < 5; i++) {
            client.logMetric(client.createRun(experiment).getRunUuid(), "m", i);
        }

        RunsPage page = client.searchRuns(
                List.of(experiment), "metrics.m > 0", ViewType.ACTIVE_ONLY, 3, List.of("metrics.m DESC"));
        var rest = page.getNextPage();

        assertThat(page.getItems())
                .extracting(run -> run.getData().getMetrics(0).getValue())
                .containsExactly(4.0, 3.0, 2.0);
        assertThat(rest.getItems())
                .extracting(run -> run.getData().getMetrics(0).getValue())
                .containsExactly(1.0);
        assertThat(rest.hasNextPage()).isFalse();
    }

    @Test
    void modelVersionsAndAliasesAreFound() throws Exception {
        String run = client.createRun(client.createExperiment("java models")).getRunUuid();
        client.sendPost("registered-models/create", "{\"name\": \"java\"}");
        client.sendPost(
                "model-versions/create",
                "{\"name\": \"java\", \"source\": \"runs:/" + run + "/model\", \"run_id\": \"" + run + "\"}");
        client.sendPost("registered-models/alias", "{\"name\": \"java\", \"alias\": \"champion\", \"version\": \"1\"}");

        ModelVersion version = client.getModelVersion("java", "1");
        JsonNode byAlias = TestServer.JSON.readTree(client.sendGet("registered-models/alias?name=java&alias=champion"));

        assertThat(version.getRunId()).isEqualTo(run);
        assertThat(byAlias.at("/model_version/version").asText()).isEqualTo("1");
        assertThat(client.getRegisteredModel("java").getLatestVersions(0).getVersion())
                .isEqualTo("1");
        assertThat(client.getLatestVersions("java")).hasSize(1);
        assertThat(client.getModelVersionDownloadUri("java", "1")).endsWith("/" + run + "/artifacts/model");
        assertThat(client.searchModelVersions("name = 'java'").getItems()).hasSize(1);
    }
}
