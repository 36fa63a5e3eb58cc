package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String run(Path home, String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(TestServer.options(home));
        new Commands(Map.of(), new PrintStream(out, true, StandardCharsets.UTF_8)).run(arguments);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aBackupIsMadeAndRestored(@TempDir Path home, @TempDir Path folder) {
        String target = folder.resolve("backup").toString();
        try (TestServer server = TestServer.start(home)) {
            server.run("0");
            assertThat(run(home, "backup", target)).startsWith("backed up to " + target + ": ");
        }

        Path other = folder.resolve("other");
        assertThat(run(other, "restore", target)).contains("restored to " + other);
        try (TestServer server = TestServer.start(other)) {
            assertThat(server.post("runs/search", "{'experiment_ids': ['0']}")
                            .json()
                            .path("runs"))
                    .hasSize(1);
        }
    }

    @Test
    void theAuditLogHoldsAcrossABackup(@TempDir Path home, @TempDir Path folder) {
        String head;
        try (TestServer server = TestServer.start(home)) {
            server.experiment("audited");
            server.experiment("too");
            String said = run(home, "audit", "verify");
            assertThat(said).startsWith("2 rows of the audit log are unchanged and complete");
            head = said.replaceFirst("(?s).*\nhead (\\S+)\n.*", "$1");
            server.experiment("later");
            run(home, "backup", folder.resolve("backup").toString());
        }

        Path other = folder.resolve("other");
        run(other, "restore", folder.resolve("backup").toString());

        assertThat(run(other, "audit", "verify", "--head", head))
                .contains("3 rows of the audit log are unchanged and complete, the noted head among them");
        try (TestServer server = TestServer.start(other)) {
            server.experiment("after");
            assertThat(run(other, "audit", "verify", "--head=" + head)).contains("4 rows of the audit log");
        }
    }

    @Test
    void anAuditLogThatWasChangedEndsTheCommand(@TempDir Path home) {
        try (TestServer server = TestServer.start(home)) {
            server.experiment("audited");
        }
        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            database.write(tx -> tx.execute("UPDATE audit SET user_name = 'somebody else'"));
        }

        assertThatThrownBy(() -> run(home, "audit", "verify"))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        changed -> assertThat(changed.kind().exitCode()).isEqualTo(3))
                .hasMessageContaining("Row 1 of the audit log does not match its digest");
        assertThatThrownBy(() -> run(home, "audit", "verify", "--head", "12")).hasMessageContaining("NUMBER:DIGEST");
        assertThatThrownBy(() -> run(home, "audit", "delete")).hasMessageContaining("`audit delete` is not a command");
    }

    @Test
    void filesElsewhereAreNotInABackupAndItIsSaid(@TempDir Path home, @TempDir Path folder) {
        try (TestServer server = TestServer.start(home)) {
            server.run("0");

            assertThat(run(home, "backup", folder.resolve("b").toString(), "--artifact-root", "hdfs://n:8020/m"))
                    .contains("not in it: the artifacts at hdfs://n:8020/m");
        }
    }

    @Test
    void anImportBringsFilesIntoTheHomeOnly(@TempDir Path home) {
        assertThatThrownBy(() -> run(home, "import-mlflow", "mlflow.db", "--artifact-root", "hdfs://n:8020/m"))
                .hasMessageContaining("without an artifact root")
                .hasMessageContaining("hdfs://n:8020/m");
    }

    @Test
    void restoreStaysOutOfAHomeThatIsServed(@TempDir Path home) {
        try (TestServer server = TestServer.start(home)) {
            assertThatThrownBy(() -> run(home, "restore", "any"))
                    .hasMessageContaining("Another server works on `" + home + "`")
                    .hasMessageContaining(server.url());
        }
    }

    @Test
    void gcTellsHowMuchItRemoved(@TempDir Path home) {
        try (TestServer server = TestServer.start(home)) {
            server.post("runs/delete", "{'run_id': '" + server.run("0") + "'}");

            assertThat(run(home, "gc")).isEqualTo("removed 0 runs, 0 logged models, 0 experiments; kept 0\n");
        }
    }

    @Test
    void aHomeWithoutARegistryIsToldApart(@TempDir Path home) {
        assertThatThrownBy(() -> run(home, "gc"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("There is no registry in");
    }

    @ParameterizedTest
    @CsvSource({"30d, P30D", "12h, PT12H", "0s, PT0S"})
    void agesHaveUnits(String text, Duration age) {
        assertThat(Commands.age(text)).isEqualTo(age);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gc --older-than 30            | must be a number and one of d, h, m, s",
                "gc --older-than               | `--older-than` needs a value",
                "gc now                        | `now` is one word too many",
                "backup                        | Give one FOLDER, not 0",
                "backup a b                    | Give one FOLDER, not 2",
                "gc --older 1d                 | `--older` is no option",
            })
    void badWordsAreNamed(String words, String message) {
        assertThatThrownBy(() -> new Commands(Map.of(), System.out).run(List.of(words.split(" "))))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining(message);
    }
}
