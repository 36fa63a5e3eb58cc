package dev.millrace.registry.resource.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.boot.TestServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadsTest {
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

    private static TestServer.Answer upload(String path, byte[] content) {
        return server.send(HttpRequest.newBuilder(URI.create(
                        server.url() + "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=" + run + "&path=" + path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(content)));
    }

    @Test
    void anUploadIsAnArtifactOfItsRun() {
        TestServer.Answer uploaded = upload("d/u.txt", new byte[] {'a', 'b'});

        assertThat(uploaded.status()).isEqualTo(200);
        assertThat(server.getPath("/get-artifact?path=d/u.txt&run_id=" + run).body())
                .isEqualTo("ab");
    }

    @Test
    void anUploadOfMoreThanTenMebibytesIsRefused() {
        TestServer.Answer refused = upload("big", new byte[(10 << 20) + 1]);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("Artifact size is too large. Max size is 10MB.");
        assertThat(server.get("artifacts/list?run_id=" + run).body()).doesNotContain("\"big\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2Fx", "%2Fetc%2Fx", "a%2F..%2F..%2Fx"})
    void anUploadStaysWithinItsRun(String path) {
        assertThat(upload(path, new byte[] {1}).status()).isEqualTo(400);
    }

    @Test
    void presignedPlacesNeedAnObjectStore() {
        TestServer.Answer refused =
                server.post("artifacts/presigned-upload-url", "{'run_id': '" + run + "', 'path': 'a.txt'}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains("artifact URI scheme: mlflow-artifacts");
    }
}
