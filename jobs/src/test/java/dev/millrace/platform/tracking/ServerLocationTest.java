package dev.millrace.platform.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.home.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLocationTest {
    @TempDir
    private Path folder;

    private Home home;

    @BeforeEach
    void live() throws Exception {
        home = Home.of(folder.toString(), folder);
        Files.createDirectories(folder.resolve("registry"));
        Files.writeString(folder.resolve("registry/server.json"), "{\"url\":\"http://127.0.0.1:5001/\"}");
    }

    private Optional<String> found(Optional<String> configured, Map<String, String> environment) {
        return ServerLocation.find(configured, home, environment).map(ServerLocation::uri);
    }

    @Test
    void theJobFileWinsOverTheEnvironmentAndThatOverTheLiveServer() {
        Map<String, String> environment = Map.of("MLFLOW_TRACKING_URI", "https://env/");

        assertThat(found(Optional.of("http://file/"), environment)).contains("http://file");
        assertThat(found(Optional.empty(), environment)).contains("https://env");
        assertThat(found(Optional.empty(), Map.of())).contains("http://127.0.0.1:5001");
    }

    @Test
    void aServerFileThatIsHalfWrittenOrAbsentIsNoServer() throws Exception {
        Files.writeString(folder.resolve("registry/server.json"), "{\"url\":");
        assertThat(found(Optional.empty(), Map.of())).isEmpty();
        Files.delete(folder.resolve("registry/server.json"));
        assertThat(found(Optional.empty(), Map.of())).isEmpty();
    }

    @Test
    void aUriThatIsNoHttpIsNoServer() {
        assertThat(found(Optional.of("file:///mlruns"), Map.of())).isEmpty();
    }

    @Test
    void credentialsAreThoseOfMlflow() {
        assertThat(ServerLocation.find(
                        Optional.of("http://x"),
                        home,
                        Map.of("MLFLOW_TRACKING_USERNAME", "ada", "MLFLOW_TRACKING_PASSWORD", "pw")))
                .hasValueSatisfying(server -> assertThat(server.authorization()).contains("Basic YWRhOnB3"));
        assertThat(ServerLocation.find(Optional.of("http://x"), home, Map.of("MLFLOW_TRACKING_TOKEN", "t")))
                .hasValueSatisfying(server -> assertThat(server.authorization()).contains("Bearer t"));
    }

    @Test
    void aCertificateOfOnesOwnIsNamedByTheEnvironment() {
        Map<String, String> environment = Map.of("MLFLOW_TRACKING_SERVER_CERT_PATH", "/c.pem");

        assertThat(ServerLocation.find(Optional.of("https://x"), home, environment))
                .get()
                .extracting(ServerLocation::certificate)
                .isEqualTo(Optional.of(Path.of("/c.pem")));
        assertThatThrownBy(() -> ServerCertificate.trusting(Path.of("/no/such/c.pem")))
                .hasMessageContaining("`/no/such/c.pem` cannot be read");
    }
}
