package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.CreateExperiment;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.ExperimentTag;
import org.mlflow.api.proto.Service.FileInfo;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.ExperimentsPage;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.ModelVersionsPage;
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
        assertThat(client.getModelVersionDownloadUri("java", "1")).isEqualTo("runs:/" + run + "/model");
        assertThat(client.searchModelVersions("name = 'java'").getItems()).hasSize(1);
    }

    @Test
    @SuppressWarnings("deprecation") // every form, also those that MLflow advises against
    void callsHaveShortAndLongForms() throws Exception {
        String experiment = client.createExperiment(CreateExperiment.newBuilder()
                .setName("java forms")
                .addTags(ExperimentTag.newBuilder().setKey("k").setValue("v"))
                .build());
        RunInfo byId = client.createRun(experiment);
        RunInfo byRequest = client.createRun(CreateRun.newBuilder()
                .setExperimentId(experiment)
                .setRunName("named")
                .setStartTime(5)
                .build());
        RunInfo ofDefault = client.createRun();
        client.setTerminated(byId.getRunId());
        client.setTerminated(byRequest.getRunId(), RunStatus.FAILED, 77);

        assertThat(ofDefault.getExperimentId()).isEqualTo("0");
        assertThat(client.getRun(byRequest.getRunId()).getInfo().getEndTime()).isEqualTo(77);
        assertThat(client.getExperiment(experiment).getTags(0).getValue()).isEqualTo("v");
        assertThat(client.listRunInfos(experiment)).hasSize(2);
        assertThat(client.searchRuns(List.of(experiment), "attributes.run_name = 'named'"))
                .hasSize(1);
        assertThat(client.searchRuns(List.of(experiment), "", ViewType.DELETED_ONLY))
                .isEmpty();
        RunsPage first = client.searchRuns(List.of(experiment), "", ViewType.ALL, 1);
        String next = first.getNextPageToken().orElseThrow();
        assertThat(client.searchRuns(List.of(experiment), "", ViewType.ALL, 1, List.of(), next)
                        .getItems())
                .hasSize(1)
                .doesNotContainAnyElementsOf(first.getItems());
        client.createExperiment("java forms again");
        List<String> order = List.of("name ASC");
        ExperimentsPage page = client.searchExperiments("name LIKE 'java forms%'", ViewType.ALL, 1, order);
        String token = page.getNextPageToken().orElseThrow();
        assertThat(client.searchExperiments("name LIKE 'java forms%'", ViewType.ALL, 1, order, token)
                        .getItems())
                .hasSize(1)
                .doesNotContainAnyElementsOf(page.getItems());
        assertThat(client.searchExperiments().getItems())
                .extracting(Experiment::getName)
                .contains("java forms");
    }

    @Test
    void versionsAreSearchedPageByPage() throws Exception {
        String run = client.createRun().getRunId();
        client.sendPost("registered-models/create", "{\"name\": \"paged\"}");
        for (int i = 0; i < 3; i++) {
            client.sendPost(
                    "model-versions/create",
                    "{\"name\": \"paged\", \"source\": \"runs:/" + run + "/m\", \"run_id\": \"" + run + "\"}");
        }
        client.sendPatch("registered-models/update", "{\"name\": \"paged\", \"description\": \"told\"}");
        client.sendPost(
                "model-versions/transition-stage",
                "{\"name\": \"paged\", \"version\": \"2\", \"stage\": \"Production\", \"archive_existing_versions\": true}");

        List<String> order = List.of("version_number DESC");
        ModelVersionsPage page = client.searchModelVersions("name = 'paged'", 2, order);
        String token = page.getNextPageToken().orElseThrow();

        assertThat(client.getRegisteredModel("paged").getDescription()).isEqualTo("told");
        assertThat(page.getItems()).extracting(ModelVersion::getVersion).containsExactly("3", "2");
        assertThat(client.searchModelVersions("name = 'paged'", 2, order, token).getItems())
                .extracting(ModelVersion::getVersion)
                .containsExactly("1");
        assertThat(client.searchModelVersions().getItems()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(client.getLatestVersions("paged", List.of("Production")))
                .extracting(ModelVersion::getVersion)
                .containsExactly("2");
    }

    /** Its artifacts go through MLflow's Python: MLFLOW_PYTHON_EXECUTABLE, which the build sets from MILLRACE_PYTHON. */
    @Test
    @Tag("external")
    @Tag("files")
    void filesGoUpAndComeDown(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(System.getenv("MILLRACE_PYTHON") != null, "MILLRACE_PYTHON names no Python with mlflow");
        String run = client.createRun().getRunId();
        Path file = Files.writeString(folder.resolve("a.txt"), "content");
        Path tree = Files.createDirectories(folder.resolve("tree/deep"));
        Files.writeString(tree.resolve("b.txt"), "deep");

        client.logArtifact(run, file.toFile());
        client.logArtifact(run, file.toFile(), "below");
        client.logArtifacts(run, folder.resolve("tree").toFile());
        client.logArtifacts(run, folder.resolve("tree").toFile(), "model");
        client.sendPost("registered-models/create", "{\"name\": \"filed\"}");
        client.sendPost(
                "model-versions/create",
                "{\"name\": \"filed\", \"source\": \"runs:/" + run + "/model\", \"run_id\": \"" + run + "\"}");

        assertThat(client.listArtifacts(run))
                .extracting(FileInfo::getPath)
                .containsExactlyInAnyOrder("a.txt", "below", "deep", "model");
        assertThat(client.listArtifacts(run, "below"))
                .extracting(FileInfo::getPath)
                .containsExactly("below/a.txt");
        assertThat(client.downloadArtifacts(run).toPath().resolve("deep/b.txt")).hasContent("deep");
        assertThat(client.downloadArtifacts(run, "below/a.txt").toPath()).hasContent("content");
        assertThat(client.downloadModelVersion("filed", "1").toPath().resolve("deep/b.txt"))
                .hasContent("deep");
        assertThat(client.downloadLatestModelVersion("filed", "None").toPath().resolve("deep/b.txt"))
                .hasContent("deep");
    }

    /** By the calls in this class's own bytecode. */
    @Test
    void everyCallOfTheClientIsTried() {
        Set<String> tried = new TreeSet<>();
        for (JavaMethodCall call : new ClassFileImporter()
                .importClasses(MlflowJavaClientTest.class)
                .get(MlflowJavaClientTest.class)
                .getMethodCallsFromSelf()) {
            if (!call.getTargetOwner().isEquivalentTo(MlflowClient.class)) continue;
            tried.add(call.getName()
                    + call.getTarget().getRawParameterTypes().stream()
                            .map(JavaClass::getName)
                            .toList());
        }
        Set<String> there = new TreeSet<>();
        for (Method method : MlflowClient.class.getDeclaredMethods()) {
            if (!Modifier.isPublic(method.getModifiers())) continue;
            there.add(method.getName()
                    + Arrays.stream(method.getParameterTypes())
                            .map(Class::getName)
                            .toList());
        }

        assertThat(tried).hasSizeGreaterThan(50).containsAll(there);
    }
}
