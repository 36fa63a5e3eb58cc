package dev.millrace.registry.resource.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The artifact calls over Hadoop's viewfs, which knows no java.nio; a mount table names a folder. */
class HadoopArtifactsTest {
    @TempDir
    static Path home;

    private static Path mounted;
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        mounted = Files.createDirectories(home.resolve("mounted"));
        Files.createDirectories(mounted.resolve("artifacts/.millrace-incoming"));
        Files.writeString(mounted.resolve("artifacts/.millrace-incoming/left"), "by a killed server");
        server = mounted(() -> TestServer.start(home, "--artifact-root", "viewfs://test/kept/artifacts"));
    }

    /** With Hadoop's settings on the class path, as a folder named by MILLRACE_LIB brings them. */
    private static <T> T mounted(java.util.function.Supplier<T> work) throws IOException {
        Files.writeString(
                home.resolve("core-site.xml"),
                "<configuration><property><name>fs.viewfs.mounttable.test.link./kept</name><value>" + mounted.toUri()
                        + "</value></property></configuration>");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader settings =
                new URLClassLoader(new URL[] {home.toUri().toURL()}, before)) {
            thread.setContextClassLoader(settings);
            return work.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer put(String path, byte[] content) {
        return server.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/api/2.0/mlflow-artifacts/artifacts/" + path))
                        .PUT(BodyPublishers.ofByteArray(content)));
    }

    private static Answer get(String path) {
        return server.getPath("/api/2.0/mlflow-artifacts/artifacts/" + path);
    }

    private static JsonNode list(String path) {
        return server.getPath("/api/2.0/mlflow-artifacts/artifacts?path=" + path)
                .json()
                .path("files");
    }

    @Test
    void aFileComesBackAsItWentAndLiesThere() throws IOException {
        byte[] content = new byte[3_000_000];
        new java.util.Random(1).nextBytes(content);

        assertThat(put("0/run/artifacts/model/weights.bin", content).status()).isEqualTo(200);

        assertThat(get("0/run/artifacts/model/weights.bin").response().body()).isEqualTo(content);
        assertThat(Files.readAllBytes(mounted.resolve("artifacts/0/run/artifacts/model/weights.bin")))
                .isEqualTo(content);
        assertThat(home.resolve("registry/artifacts")).doesNotExist();
    }

    @Test
    void partsOfAFileAreSent() {
        put("0/ranges/a.txt", "0123456789".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        Answer part = server.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/api/2.0/mlflow-artifacts/artifacts/0/ranges/a.txt"))
                        .header("Range", "bytes=3-5"));

        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("345");
        assertThat(part.response().headers().firstValue("Content-Range")).hasValue("bytes 3-5/10");
    }

    @Test
    void anUploadReplacesAndLeavesNothingBehind() throws IOException {
        put("0/again/a%20b.txt", "first".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        put("0/again/a%20b.txt", "second".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(get("0/again/a%20b.txt").body()).isEqualTo("second");
        try (Stream<Path> incoming = Files.list(mounted.resolve("artifacts/.millrace-incoming"))) {
            assertThat(incoming).isEmpty();
        }
    }

    @Test
    void foldersAreListedByNameWithoutWhatIsOurs() {
        put("0/listed/b.txt", new byte[2]);
        put("0/listed/a/c.txt", new byte[3]);

        JsonNode files = list("0/listed");

        assertThat(files.toString())
                .isEqualTo("[{\"path\":\"a\",\"is_dir\":true},{\"path\":\"b.txt\",\"is_dir\":false,\"file_size\":2}]");
        assertThat(list("").toString()).doesNotContain("incoming");
        assertThat(list("0/nowhere")).isEmpty();
        assertThat(list("0/listed/b.txt")).isEmpty();
    }

    @Test
    void aFolderIsDeletedWithAllInIt() {
        put("0/gone/a/b.txt", new byte[1]);

        server.send("DELETE", "/api/2.0/mlflow-artifacts/artifacts/0/gone", "");
        server.send("DELETE", "/api/2.0/mlflow-artifacts/artifacts/0/gone", "");

        assertThat(get("0/gone/a/b.txt").status()).isEqualTo(404);
        assertThat(list("0/gone")).isEmpty();
    }

    @Test
    void whatIsInTheWayIsSaid() {
        put("0/way/file", new byte[1]);
        put("0/way/folder/file", new byte[1]);

        assertThat(put("0/way/file/below", new byte[1]).message()).contains("lies below a file");
        assertThat(put("0/way/folder", new byte[1]).message()).contains("it is a folder");
        assertThat(get("0/way/folder").status()).isEqualTo(400);
        assertThat(get("0/way/file/below").status()).isEqualTo(404);
    }

    @Test
    void nothingOutsideCanBeNamed() throws IOException {
        Files.writeString(mounted.resolve("secret"), "x");
        for (String path : List.of("..%2fsecret", "%2e%2e/secret", ".millrace-incoming/x", "a/..%2f..%2fsecret")) {
            assertThat(get(path).status()).as(path).isEqualTo(400);
            assertThat(put(path, new byte[1]).status()).as(path).isEqualTo(400);
        }
        assertThat(server.send("DELETE", "/api/2.0/mlflow-artifacts/artifacts/.millrace-incoming", "")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void runsKeepTheirFilesThereAndPartsStayTheClientsOwn() {
        String run = server.run(server.experiment("with files"));
        server.send(
                "POST", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=" + run + "&path=notes.txt", "words of the run");

        assertThat(server.getPath("/get-artifact?run_id=" + run + "&path=notes.txt")
                        .body())
                .isEqualTo("words of the run");
        assertThat(server.get("artifacts/list?run_id=" + run)
                        .json()
                        .at("/files/0/file_size")
                        .asLong())
                .isEqualTo(16);
        MultipartTest.upload(server, "0/parts", "large.bin", "one ", "two ", "three");
        assertThat(server.getPath("/api/2.0/mlflow-artifacts/artifacts/0/parts/large.bin")
                        .body())
                .isEqualTo("one two three");
    }

    @Test
    void aRootThatCannotBeIsRefusedWithWhatToDo() throws IOException {
        for (String scheme : List.of("nosuch", "s3a")) {
            assertThatThrownBy(() -> ArtifactStore.open(home, java.util.Optional.of(URI.create(scheme + "://x/y"))))
                    .isInstanceOfSatisfying(MillraceException.class, refused -> {
                        assertThat(refused.kind()).isEqualTo(ErrorKind.CONFIG);
                        assertThat(refused).hasMessageContaining("no file system for `" + scheme + "`");
                    });
        }
        assertThatThrownBy(() -> mounted(
                        () -> ArtifactStore.open(home, java.util.Optional.of(URI.create("viewfs://test/other/y")))))
                .hasMessageContaining("cannot be used");
    }
}
