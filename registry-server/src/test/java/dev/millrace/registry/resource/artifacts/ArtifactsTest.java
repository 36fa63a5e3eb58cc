package dev.millrace.registry.resource.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactsTest {
    private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";

    @TempDir
    static Path home;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(home);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestServer.Answer put(String path, byte[] content) {
        return server.send(HttpRequest.newBuilder(URI.create(server.url() + PROXY + "/" + path))
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))));
    }

    private static TestServer.Answer put(String path, String content) {
        return put(path, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void bytesComeBackAsTheyWent() {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);

        assertThat(put("0/r/artifacts/big.bin", bytes).status()).isEqualTo(200);

        TestServer.Answer whole = server.getPath(PROXY + "/0/r/artifacts/big.bin");
        assertThat(whole.response().body()).isEqualTo(bytes);
        assertThat(whole.response().headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=big.bin");
        TestServer.Answer part =
                server.send(HttpRequest.newBuilder(URI.create(server.url() + PROXY + "/0/r/artifacts/big.bin"))
                        .header("Range", "bytes=1000-1999"));
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.response().body()).isEqualTo(Arrays.copyOfRange(bytes, 1000, 2000));
        assertThat(part.response().headers().firstValue("Content-Range")).contains("bytes 1000-1999/3000000");
    }

    @Test
    void listsAreRelativeToTheFolderOrToTheRun() {
        String run = server.run("0");
        put("0/" + run + "/artifacts/model/MLmodel", "x");
        put("0/" + run + "/artifacts/model/a/b.txt", "");
        put("0/" + run + "/artifacts/notes%20%C3%A4.txt", "hello");

        JsonNode proxy =
                server.getPath(PROXY + "?path=0/" + run + "/artifacts/model").json();
        JsonNode ofRun =
                server.get("artifacts/list?run_id=" + run + "&path=model").json();

        assertThat(proxy.toString())
                .isEqualTo("{\"files\":[{\"path\":\"MLmodel\",\"is_dir\":false,\"file_size\":1},"
                        + "{\"path\":\"a\",\"is_dir\":true}]}");
        assertThat(ofRun.path("root_uri").asText()).isEqualTo("mlflow-artifacts:/0/" + run + "/artifacts");
        assertThat(ofRun.path("files").findValuesAsText("path")).containsExactly("model/MLmodel", "model/a");
        assertThat(server.get("artifacts/list?run_id=" + run)
                        .json()
                        .path("files")
                        .findValuesAsText("path"))
                .containsExactly("model", "notes ä.txt");
        assertThat(server.get("artifacts/list?run_id=" + run + "&path=none")
                        .json()
                        .has("files"))
                .isFalse();
        assertThat(server.getPath(PROXY + "?path=none").body()).isEqualTo("{}");
    }

    @Test
    void pagesCanShowAFileWithoutRunningIt() {
        String run = server.run("0");
        put("0/" + run + "/artifacts/report.html", "<script>alert(1)</script>");

        TestServer.Answer shown = server.getPath("/get-artifact?view=true&run_id=" + run + "&path=report.html");

        assertThat(shown.response().headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(shown.response().headers().firstValue("Content-Security-Policy"))
                .get()
                .asString()
                .startsWith("sandbox; default-src 'none'");
        assertThat(shown.response().headers().firstValue("Content-Disposition"))
                .get()
                .asString()
                .startsWith("inline");
        assertThat(server.getPath("/get-artifact?run_id=" + run + "&path=none.txt")
                        .errorCode())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
    }

    @ParameterizedTest
    @CsvSource({
        "a.txt, text/plain",
        "b.pkl, application/octet-stream",
        "c.png, image/png",
        "d.pdf, application/pdf",
        "MLmodel, text/plain",
        "e.json, text/plain",
        "f.html, text/html"
    })
    void clientsGetTheTypesOfMlflowAndAFileToSave(String name, String type) {
        String run = server.run("0");
        put("0/" + run + "/artifacts/" + name, "x");

        for (String path :
                List.of(PROXY + "/0/" + run + "/artifacts/" + name, "/get-artifact?run_id=" + run + "&path=" + name)) {
            HttpHeaders headers = server.getPath(path).response().headers();
            assertThat(headers.firstValue("Content-Type")).contains(type);
            assertThat(headers.firstValue("Content-Disposition")).contains("attachment; filename=" + name);
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        }
    }

    @Test
    void deletingTakesAFileOrATreeAndIsNeverWrong() {
        put("gone/a/b.txt", "x");
        put("gone/c.txt", "x");

        assertThat(server.send("DELETE", PROXY + "/gone", "").status()).isEqualTo(200);
        assertThat(server.send("DELETE", PROXY + "/gone", "").status()).isEqualTo(200);

        assertThat(server.getPath(PROXY + "/gone/a/b.txt").message()).isEqualTo("No such artifact: 'gone/a/b.txt'");
    }

    @Test
    void aPathBelowAFileIsTheClientsMistake() {
        put("file", "x");

        assertThat(put("file/below", "x").status()).isEqualTo(400);
        assertThat(put("tree/leaf", "x").status()).isEqualTo(200);
        assertThat(put("tree", "x").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "%2e%2e/x",
                "a/../../x",
                "a/%2e%2e/%2e%2e/x",
                "..%2f..%2fx",
                "%252e%252e/x",
                "a%5c..%5cx",
                "/etc/x",
                "%2fetc/x",
                "a//b",
                "C:/x",
                "a%0ab"
            })
    void noVerbLeavesTheFolder(String path) throws IOException {
        Path outside = Files.writeString(home.resolve("x"), "secret");

        for (String verb : new String[] {"GET", "PUT", "DELETE"}) {
            TestServer.Answer answer = server.send(HttpRequest.newBuilder(URI.create(server.url() + PROXY + "/" + path))
                    .method(verb, HttpRequest.BodyPublishers.ofString("")));
            assertThat(answer.status()).as(verb).isIn(400, 404);
            assertThat(answer.body()).doesNotContain("secret");
        }
        assertThat(server.getPath(PROXY + "?path=" + path.replace("%", "%25")).status())
                .isEqualTo(400);
        assertThat(outside).hasContent("secret");
    }

    @Test
    void symbolicLinksDoNotLeadOut() throws IOException {
        Path secret = Files.createDirectories(home.resolve("elsewhere"));
        Files.writeString(secret.resolve("key"), "secret");
        Files.createSymbolicLink(home.resolve("registry/artifacts/link"), secret);

        assertThat(server.getPath(PROXY + "/link/key").body()).doesNotContain("secret");
        assertThat(put("link/new", "x").status()).isEqualTo(400);
        assertThat(secret.resolve("new")).doesNotExist();
    }

    @Test
    void anUploadThatBreaksOffLeavesTheOldFile(@TempDir Path folder) throws IOException {
        ArtifactStore store = ArtifactStore.open(folder, java.util.Optional.empty());
        store.put("a.txt", new ByteArrayInputStream("old".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        InputStream breaking = new InputStream() {
            private int left = 100_000;

            @Override
            public int read() throws IOException {
                if (left-- > 0) return 'n';
                throw new IOException("connection lost");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                buffer[offset] = (byte) read();
                return 1;
            }
        };

        try {
            store.put("a.txt", breaking);
        } catch (IOException expected) {
            assertThat(expected).hasMessage("connection lost");
        }

        assertThat(folder.resolve("artifacts/a.txt")).hasContent("old");
        try (Stream<Path> left = Files.list(folder.resolve("incoming"))) {
            assertThat(left).isEmpty();
        }
    }
}
