package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no Spark session: usage, validation, sync. */
class MillraceTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        Shell shell =
                new Shell(Map.of(), folder, stream(out), stream(err), false, Clock.systemUTC(), new Interruption());
        return Millrace.execute(shell, arguments);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        return name;
    }

    @Test
    void withoutACommandItSaysWhereHelpIs() {
        assertThat(run()).isEqualTo(2);
        assertThat(err()).contains("No command given. `millrace --help` lists the commands.");
    }

    @Test
    void anUnknownCommandIsUsage() {
        assertThat(run("trian")).isEqualTo(2);
        assertThat(err()).contains("trian").contains("train");
    }

    @Test
    void aJobWithoutAFileSaysWhatToGive() {
        assertThat(run("train")).isEqualTo(2);
        assertThat(err()).contains("`millrace train` requires a job file: set `--config FILE`");
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command : Millrace.commands(shell()).getSubcommands().keySet()) {
            assertThat(run(command, "--help")).as(command).isZero();
        }
        assertThat(out()).doesNotContain("null");
    }

    private Shell shell() {
        return new Shell(Map.of(), folder, stream(out), stream(err), false, Clock.systemUTC(), new Interruption());
    }

    @Test
    void validateTellsEveryProblemOfEveryFile() throws IOException {
        String bad = file(
                "bad.yaml",
                """
                job: register
                register:
                  modle: fraud
                  tags: 7
                """);
        String good = file("good.yaml", "job: register\nregister: {model: fraud}\n");

        assertThat(run("validate", bad, good)).isEqualTo(2);

        assertThat(err())
                .contains("bad.yaml:3: `register.modle` is not a key here. Did you mean `model`?")
                .doesNotContain("`register.model` is missing")
                .contains("bad.yaml:4: `register.tags` expects a mapping");
        assertThat(out()).contains("good.yaml: ok (register)");
    }

    @Test
    void validateAsJsonIsOneDocument() throws IOException {
        String bad = file("bad.yaml", "job: regster\n");

        assertThat(run("validate", bad, "--json")).isEqualTo(2);

        JsonNode document = new ObjectMapper().readTree(out());
        assertThat(document.path("status").asText()).isEqualTo("failed");
        assertThat(document.path("problems").path("bad.yaml").toString()).contains("regster");
    }

    @Test
    void aMissingFileIsToldByName() {
        assertThat(run("validate", "nowhere.yaml")).isEqualTo(2);
        assertThat(err()).contains("Cannot read the job file `nowhere.yaml`");
    }

    @Test
    void aFileOfAnotherJobIsRefused() throws IOException {
        String file = file("register.yaml", "job: register\nregister: {model: fraud}\n");

        assertThat(run("promote", "--config", file)).isEqualTo(2);
        assertThat(err()).contains("is `register`, but the command is `promote`");
    }

    @Test
    void halfAnIntervalIsUsage() throws IOException {
        String file = file("register.yaml", "job: register\nregister: {model: fraud}\n");

        assertThat(run("register", "--config", file, "--interval-start", "2026-01-01"))
                .isEqualTo(2);
        assertThat(err()).contains("The interval has only one end");
    }

    @Test
    void syncWithoutAServerExitsSix() {
        assertThat(run("sync", "--json")).isEqualTo(6);
        assertThat(err()).contains("No registry is configured");
        assertThat(out()).contains("\"error\" : \"REGISTRY_UNREACHABLE\"").contains("\"exit\" : 6");
    }

    @Test
    void theCommitOfTheJobFileIsFoundWithoutGit() throws IOException {
        Files.createDirectories(folder.resolve(".git/refs/heads"));
        Files.writeString(folder.resolve(".git/HEAD"), "ref: refs/heads/main\n");
        Files.writeString(folder.resolve(".git/refs/heads/main"), "a".repeat(40) + "\n");
        Files.createDirectories(folder.resolve("conf"));

        assertThat(GitCommit.of(folder.resolve("conf/x.yaml"))).contains("a".repeat(40));
    }
}
