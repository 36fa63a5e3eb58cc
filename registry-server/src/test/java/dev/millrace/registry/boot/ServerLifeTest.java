package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerLifeTest {

    @Test
    void theServerSaysWhereItIsAsLongAsItIsThere(@TempDir Path home) throws IOException {
        Path file = home.resolve("registry/server.json");

        try (TestServer server = TestServer.start(home)) {
            JsonNode said = TestServer.JSON.readTree(file.toFile());
            assertThat(said.path("url").asText()).isEqualTo(server.url());
            assertThat(said.path("pid").asLong())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(said.path("version").asText()).isEqualTo("0.1.0");
            assertThat(said.path("started_at").asLong()).isPositive();
            assertThat(server.getPath("/health").body()).isEqualTo("OK");
            assertThat(server.getPath("/version").body()).isEqualTo("3.17.2");
            assertThat(server.getPath("/api/v1/version").json().path("version").asText())
                    .isEqualTo("0.1.0");
        }

        assertThat(file).doesNotExist();
    }

    @Test
    void whatWasWrittenIsThereAfterARestart(@TempDir Path home) {
        String run;
        try (TestServer server = TestServer.start(home)) {
            run = server.run(server.experiment("kept"));
        }

        try (TestServer server = TestServer.start(home)) {
            assertThat(server.get("runs/get?run_id=" + run).status()).isEqualTo(200);
        }
    }

    @Test
    void aTakenPortChangesNothingAndExitsWithTwo(@TempDir Path folder) throws Exception {
        Path home = folder.resolve("home");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            ServerProcess second = ServerProcess.start("--home", home.toString(), "--port", port);

            assertThat(second.exitCode()).isEqualTo(2);
            assertThat(second.log()).contains("Port " + port, "--port").doesNotContain("\tat ");
        }
        assertThat(Files.exists(home)).isFalse();
    }

    @Test
    void oneHomeHasOneServer(@TempDir Path home) {
        try (TestServer first = TestServer.start(home)) {
            assertThatThrownBy(() -> TestServer.start(home))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("Another server works on `" + home + "`")
                    .hasMessageContaining(first.url());
        }
    }

    @Test
    void aTermSignalEndsTheServerInOrder(@TempDir Path home) throws Exception {
        ServerProcess server = ServerProcess.of(home);
        server.url();

        server.stop();

        assertThat(server.exitCode()).isEqualTo(143);
        assertThat(home.resolve("registry/server.json")).doesNotExist();
        assertThat(home.resolve("registry/registry.db-wal")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port | `--port` needs a value.",
                "--port 99999 | `--port` must be a number from 0 to 65535, not `99999`.",
                "--prot 1 | `--prot` is no option.",
                "--host 0.0.0.0 | accept that with `--insecure`",
                "--host no.such.host.invalid | is no address of this machine",
                "--database mysql://u:secret@h/db | `--database` must be `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`"
            })
    void badOptionsAreNamed(String options, String message) {
        assertThatThrownBy(() -> ServerOptions.parse(List.of(options.split(" ")), Map.of()))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining(message);
    }

    @Test
    void insecureIsAWord() {
        assertThat(ServerOptions.parse(List.of("--host=0.0.0.0", "--insecure", "--port=0"), Map.of())
                        .insecure())
                .isTrue();
    }
}
