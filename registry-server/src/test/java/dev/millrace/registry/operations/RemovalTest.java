package dev.millrace.registry.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.TestDatabases;
import dev.millrace.registry.resource.artifacts.ArtifactStore;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a running server, as an operator does it. */
class RemovalTest {
    private final List<String> told = new ArrayList<>();
    private Path home;
    private TestServer server;

    @BeforeEach
    void start(@TempDir Path folder) {
        home = folder;
        server = TestServer.start(home);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Removal.Report gc(long agoMillis, boolean dry) {
        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            return new Removal(
                            database,
                            ArtifactStore.beside(home.resolve("registry"), java.util.Optional.empty()),
                            told::add)
                    .run(System.currentTimeMillis() - agoMillis, dry);
        }
    }

    private String runWithFile(String experiment) {
        String run = server.run(experiment);
        server.post(
                "runs/log-batch",
                "{'run_id': '" + run + "', 'metrics': [{'key': 'm', 'value': 1, 'timestamp': 1}],"
                        + " 'params': [{'key': 'p', 'value': '1'}]}");
        server.send(HttpRequest.newBuilder(URI.create(server.url() + "/api/2.0/mlflow-artifacts/artifacts/" + experiment
                        + "/" + run + "/artifacts/model/a.txt"))
                .PUT(HttpRequest.BodyPublishers.ofString("content")));
        return run;
    }

    private boolean hasFiles(String experiment, String run) {
        return Files.exists(home.resolve("registry/artifacts/" + experiment + "/" + run));
    }

    private void delete(String run) {
        server.post("runs/delete", "{'run_id': '" + run + "'}");
    }

    @Test
    void aRunDeletedLongEnoughAgoGoesWithItsFiles() {
        String gone = runWithFile("0");
        String kept = runWithFile("0");
        delete(gone);

        assertThat(gc(86_400_000, false).runs()).isZero();
        assertThat(gc(-1, false)).isEqualTo(new Removal.Report(1, 0, 0, 0));

        assertThat(told).containsExactly("removed run " + gone);
        assertThat(server.get("runs/get?run_id=" + gone).status()).isEqualTo(404);
        assertThat(hasFiles("0", gone)).isFalse();
        assertThat(server.get("runs/get?run_id=" + kept).status()).isEqualTo(200);
        assertThat(hasFiles("0", kept)).isTrue();
    }

    @Test
    void aRestoredRunStays() {
        String run = runWithFile("0");
        delete(run);
        server.post("runs/restore", "{'run_id': '" + run + "'}");

        assertThat(gc(-1, false)).isEqualTo(new Removal.Report(0, 0, 0, 0));
    }

    @Test
    void aRemovalThatBrokeOffIsFinishedByTheNextAndNobodySeesTheRunMeanwhile() {
        String half = runWithFile("0");
        delete(half);
        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            database.write(tx -> tx.createUpdate("UPDATE runs SET lifecycle = 'removing' WHERE run_uuid = :id")
                    .bind("id", half)
                    .execute());
        }

        assertThat(server.get("runs/get?run_id=" + half).status()).isEqualTo(404);
        assertThat(server.post("runs/restore", "{'run_id': '" + half + "'}").status())
                .isEqualTo(404);
        assertThat(gc(86_400_000, false)).as("however long ago").isEqualTo(new Removal.Report(1, 0, 0, 0));
        assertThat(hasFiles("0", half)).isFalse();
    }

    @Test
    void aDryRunOnlyTells() {
        String run = runWithFile("0");
        delete(run);

        assertThat(gc(-1, true).runs()).isEqualTo(1);

        assertThat(told).containsExactly("would remove run " + run);
        assertThat(hasFiles("0", run)).isTrue();
    }

    @Test
    void filesOfALivingVersionStay() {
        String run = runWithFile("0");
        server.post("registered-models/create", "{'name': 'm'}");
        server.post(
                "model-versions/create", "{'name': 'm', 'source': 'runs:/" + run + "/model', 'run_id': '" + run + "'}");
        delete(run);

        assertThat(gc(-1, false)).isEqualTo(new Removal.Report(0, 0, 0, 1));

        assertThat(told).singleElement().asString().startsWith("kept run " + run + ": version 1 of model m");
        assertThat(hasFiles("0", run)).isTrue();
    }

    @Test
    void anExperimentGoesWithAllInItAndItsIdIsNeverGivenAgain() {
        String experiment = server.experiment("gone");
        String run = runWithFile(experiment);
        server.post("logged-models", "{'experiment_id': '" + experiment + "', 'name': 'l'}");
        server.post("experiments/delete", "{'experiment_id': '" + experiment + "'}");

        assertThat(gc(-1, false)).isEqualTo(new Removal.Report(1, 1, 1, 0));

        assertThat(server.get("experiments/get?experiment_id=" + experiment).status())
                .isEqualTo(404);
        assertThat(hasFiles(experiment, run)).isFalse();
        assertThat(Integer.parseInt(server.experiment("gone"))).isGreaterThan(Integer.parseInt(experiment));
    }
}
