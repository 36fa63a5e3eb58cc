package dev.millrace.registry.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.outbound.webhooks.Receiver;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Place;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    private static final List<String> SEEN = List.of(
            "experiments/search?max_results=100&view_type=ALL",
            "registered-models/get?name=kept",
            "model-versions/search?max_results=10",
            "mlflow-artifacts");

    private Path home;
    private Path target;

    @BeforeEach
    void folders(@TempDir Path folder) {
        home = folder.resolve("home");
        target = folder.resolve("backup");
    }

    private Backup.Report backup(Path of) {
        return new Backup(TestDatabases.of(of), of.resolve("registry"), Clock.systemUTC()).make(target, "test");
    }

    private static Restore.Report restore(Path from, Path to) throws Exception {
        Files.createDirectories(to.resolve("registry"));
        return new Restore(TestDatabases.of(to), to.resolve("registry"), Clock.systemUTC()).from(from);
    }

    /** A run with everything, a model with a version and an alias, an artifact. */
    private static String fill(TestServer server) {
        String run = server.run(server.experiment("kept"), 5);
        server.post(
                "runs/log-batch",
                "{'run_id': '" + run
                        + "', 'metrics': [{'key': 'm', 'value': 0.1, 'timestamp': 1}, {'key': 'm', 'value':"
                        + " 'NaN', 'timestamp': 2, 'step': 1}], 'params': [{'key': 'p', 'value': 'ä'}]}");
        server.post(
                "runs/log-inputs",
                "{'run_id': '" + run + "', 'datasets': [{'tags': [{'key': 'mlflow.data.context', 'value': 'training'}],"
                        + " 'dataset': {'name': 'd', 'digest': '1', 'source_type': 's', 'source': '{}'}}]}");
        server.post("registered-models/create", "{'name': 'kept'}");
        server.post(
                "model-versions/create",
                "{'name': 'kept', 'source': 'runs:/" + run + "/model', 'run_id': '" + run + "'}");
        server.post("registered-models/alias", "{'name': 'kept', 'alias': 'champion', 'version': '1'}");
        server.send(
                "PUT",
                "/api/v1/drift/kept/1/5",
                "{\"run_id\": \"r\", \"granularity\": \"1 day\", \"rows\": [{\"column_name\": \"amount\", \"drift_type\":"
                        + " \"BASELINE\", \"window\": {\"start\": 5}, \"effect\": 0.1, \"verdict\": \"drift\"}]}");
        server.send(HttpRequest.newBuilder(
                        URI.create(server.url() + "/api/2.0/mlflow-artifacts/artifacts/1/" + run + "/artifacts/a.txt"))
                .PUT(HttpRequest.BodyPublishers.ofString("content")));
        return run;
    }

    private static List<String> seen(TestServer server, String run) {
        return List.of(
                server.get(SEEN.get(0)).body(),
                server.get(SEEN.get(1)).body(),
                server.get(SEEN.get(2)).body(),
                server.get("runs/get?run_id=" + run).body(),
                server.getPath("/api/v1/drift").body(),
                server.getPath("/api/v1/drift/kept").body(),
                server.get("metrics/get-history?metric_key=m&run_id=" + run).body(),
                server.getPath("/get-artifact?path=a.txt&run_id=" + run).body());
    }

    @Test
    void aBackupOfARunningServerIsRestoredWhole(@TempDir Path other) throws Exception {
        List<String> before;
        String run;
        try (TestServer server = TestServer.start(home)) {
            run = fill(server);
            before = seen(server, run);
            assertThat(backup(home).files()).isEqualTo(4);
        }

        restore(target, other);

        try (TestServer server = TestServer.start(other)) {
            assertThat(seen(server, run)).isEqualTo(before);
            assertThat(server.getPath("/get-artifact?path=a.txt&run_id=" + run).body())
                    .isEqualTo("content");
            assertThat(server.experiment("next")).isEqualTo("2");
        }
    }

    @Test
    void writesThatBelongTogetherAreTogetherInTheBackup() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (TestServer server = TestServer.start(home)) {
            String run = server.run("0");
            CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> {
                int step = 0;
                for (; !enough.get(); step++) {
                    server.post(
                            "runs/log-batch",
                            "{'run_id': '" + run + "', 'metrics': [{'key': 'a', 'value': 1, 'timestamp': 1, 'step': "
                                    + step + "}, {'key': 'b', 'value': 1, 'timestamp': 1, 'step': " + step + "}]}");
                }
                return step;
            });

            backup(home);
            enough.set(true);

            assertThat(writer.get()).isPositive();
        }
        try (Attachment copy = Attachment.open(new Place.SqliteFile(target.resolve("registry.db")))) {
            List<Long> counts = copy.read(tx -> tx.createQuery("SELECT COUNT(*) FROM metrics GROUP BY key")
                    .mapTo(Long.class)
                    .list());
            assertThat(counts.stream().distinct().toList()).hasSizeLessThan(2);
        }
    }

    @Test
    void aBackupGoesToEitherDatabase(@TempDir Path other) throws Exception {
        try (TestServer server = TestServer.start(home)) {
            fill(server);
            backup(home);
        }
        Files.createDirectories(other.resolve("registry"));
        Place.SqliteFile file = new Place.SqliteFile(other.resolve("registry/registry.db"));

        Restore.Report report = new Restore(file, other.resolve("registry"), Clock.systemUTC()).from(target);

        try (Attachment restored = Attachment.open(file)) {
            assertThat(restored.<Integer>read(tx -> tx.createQuery("SELECT COUNT(*) FROM model_aliases")
                            .mapTo(Integer.class)
                            .one()))
                    .isEqualTo(1);
        }
        assertThat(report.rows()).isGreaterThan(8);
    }

    @Test
    void aDamagedBackupIsRefusedAndNothingIsRestored(@TempDir Path other) throws Exception {
        try (TestServer server = TestServer.start(home)) {
            String run = fill(server);
            backup(home);
            Files.writeString(target.resolve("artifacts/1/" + run + "/artifacts/a.txt"), "Content");
        }

        assertThatThrownBy(() -> restore(target, other))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("a.txt` has SHA-256")
                .extracting(failure -> ((MillraceException) failure).kind())
                .isEqualTo(ErrorKind.INPUT_UNREADABLE);
        assertThat(other.resolve("registry/registry.db")).doesNotExist();
    }

    @Test
    void theKeyOfWebhookSecretsComesAlongForItsOwnerOnly(@TempDir Path other) throws Exception {
        try (Receiver receiver = new Receiver()) {
            String id;
            try (TestServer server = TestServer.start(home, "--webhook-host", "127.0.0.1")) {
                id = server.post(
                                "webhooks",
                                "{'name': 'w', 'url': '" + receiver.url() + "', 'secret': 's3cret', 'events':"
                                        + " [{'entity': 'REGISTERED_MODEL', 'action': 'CREATED'}]}")
                        .json()
                        .at("/webhook/webhook_id")
                        .asText();
                backup(home);
            }

            restore(target, other);

            for (Path key : List.of(target.resolve("webhook.key"), other.resolve("registry/webhook.key"))) {
                assertThat(Files.readAllBytes(key)).isEqualTo(Files.readAllBytes(home.resolve("registry/webhook.key")));
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                        .isEqualTo("rw-------");
            }
            try (TestServer server = TestServer.start(other, "--webhook-host", "127.0.0.1")) {
                JsonNode result =
                        server.post("webhooks/" + id + "/test", "{}").json().path("result");
                assertThat(result.path("success").asBoolean())
                        .as(result.toString())
                        .isTrue();
            }
        }
    }

    @Test
    void anotherKeyIsNotOverwritten(@TempDir Path other) throws Exception {
        TestServer.start(home).close();
        backup(home);
        Path key = Files.createDirectories(other.resolve("registry")).resolve("webhook.key");
        Files.writeString(key, "another");

        assertThatThrownBy(() -> restore(target, other)).hasMessageContaining("is not the one of the backup");
        assertThat(key).hasContent("another");
        assertThat(other.resolve("registry/registry.db")).doesNotExist();
    }

    @Test
    void aBackupThatNamesFilesOutsideOfItIsRefused(@TempDir Path other) throws Exception {
        TestServer.start(home).close();
        backup(home);
        Path sums = target.resolve("SHA256SUMS");
        Files.writeString(sums, Files.readString(sums).replace("backup.json", "artifacts/../../backup.json"));

        assertThatThrownBy(() -> restore(target, other)).hasMessageContaining("lies outside of the backup");
    }

    @Test
    void whatIsThereIsNeverOverwritten() throws Exception {
        try (TestServer server = TestServer.start(home)) {
            fill(server);
            backup(home);
        }

        assertThatThrownBy(() -> restore(target, home)).hasMessageContaining("holds a registry already");
        assertThatThrownBy(() -> backup(home)).hasMessageContaining("is there already");
    }

    /** As a kill leaves PostgreSQL: all tables, and no row in them. */
    @Test
    void aRestoreThatWasKilledBeforeItsRowsIsDoneAgain(@TempDir Path other) throws Exception {
        Assumptions.assumeTrue(TestDatabases.of(other) instanceof Place.Postgres);
        List<String> before;
        String run;
        try (TestServer server = TestServer.start(home)) {
            run = fill(server);
            before = seen(server, run);
            backup(home);
        }
        Path registry = Files.createDirectories(other.resolve("registry"));
        Database.open(TestDatabases.of(other), Clock.systemUTC()).close();
        assertThatThrownBy(() -> restore(target, other)).hasMessageContaining("holds a registry already");
        Files.writeString(registry.resolve("restoring"), "");

        restore(target, other);

        try (TestServer server = TestServer.start(other)) {
            assertThat(seen(server, run)).isEqualTo(before);
        }
        Files.writeString(registry.resolve("restoring"), "");
        Folders.delete(registry.resolve("artifacts"));
        assertThatThrownBy(() -> restore(target, other)).hasMessageContaining("holds a registry already");
    }

    /** As a kill leaves it: files of the backup, no tables yet. */
    @Test
    void aRestoreThatWasKilledIsDoneAgain(@TempDir Path other) throws Exception {
        List<String> before;
        String run;
        try (TestServer server = TestServer.start(home)) {
            run = fill(server);
            before = seen(server, run);
            backup(home);
        }
        Path registry = Files.createDirectories(other.resolve("registry"));
        Files.createDirectories(registry.resolve("artifacts/1/half"));
        Files.writeString(registry.resolve("artifacts/1/half/a.txt"), "half");
        Files.copy(home.resolve("registry/webhook.key"), registry.resolve("webhook.key"));
        assertThatThrownBy(() -> restore(target, other)).hasMessageContaining("holds a registry already");
        Files.writeString(registry.resolve("restoring"), "");

        restore(target, other);

        assertThat(registry.resolve("artifacts/1/half")).doesNotExist();
        assertThat(registry.resolve("restoring")).doesNotExist();
        try (TestServer server = TestServer.start(other)) {
            assertThat(seen(server, run)).isEqualTo(before);
        }
    }
}
