package dev.millrace.registry.resource.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The artifact calls over a real HDFS: a name node and a data node in this process, reached over TCP. */
@Tag("slow")
class HdfsArtifactsTest {
    @TempDir
    static Path home;

    private static MiniDFSCluster cluster;
    private static TestServer server;
    private static URI root;

    @BeforeAll
    static void start() throws IOException {
        Configuration settings = new Configuration();
        settings.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, home.resolve("hdfs").toString());
        cluster = new MiniDFSCluster.Builder(settings).numDataNodes(1).build();
        root = URI.create(cluster.getURI() + "/millrace/artifacts");
        server = TestServer.start(home, "--artifact-root", root.toString());
    }

    @AfterAll
    static void stop() {
        if (server != null) server.close();
        if (cluster != null) cluster.shutdown();
    }

    private static HttpRequest.Builder artifact(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + "/api/2.0/mlflow-artifacts/artifacts/" + path));
    }

    @Test
    void filesAreWrittenReplacedReadInPartsListedAndDeleted() throws IOException {
        byte[] content = new byte[2_000_000];
        new java.util.Random(7).nextBytes(content);

        server.send(artifact("0/run/model/a.bin").PUT(BodyPublishers.ofByteArray(new byte[10])));
        server.send(artifact("0/run/model/a.bin").PUT(BodyPublishers.ofByteArray(content)));

        assertThat(server.send(artifact("0/run/model/a.bin").GET()).response().body())
                .isEqualTo(content);
        assertThat(server.send(artifact("0/run/model/a.bin").header("Range", "bytes=1999998-"))
                        .response()
                        .body())
                .isEqualTo(java.util.Arrays.copyOfRange(content, 1_999_998, 2_000_000));
        assertThat(server.getPath("/api/2.0/mlflow-artifacts/artifacts?path=0/run/model")
                        .body())
                .isEqualTo("{\"files\":[{\"path\":\"a.bin\",\"is_dir\":false,\"file_size\":2000000}]}");
        assertThat(server.send(artifact("0/run/model/a.bin/below").PUT(BodyPublishers.ofByteArray(content)))
                        .message())
                .contains("lies below a file");
        assertThat(server.send(artifact("0/run").DELETE()).status()).isEqualTo(200);
        assertThat(server.send(artifact("0/run/model/a.bin").GET()).status()).isEqualTo(404);
        FileSystem files = cluster.getFileSystem();
        assertThat(files.listStatus(new org.apache.hadoop.fs.Path(root + "/.millrace-incoming")))
                .isEmpty();
    }

    @Test
    void anUploadThatBreaksOffLeavesTheOldFile() throws IOException {
        ArtifactStore store = ArtifactStore.beside(home, Optional.of(root));
        store.put("kept.txt", new ByteArrayInputStream("old".getBytes(StandardCharsets.UTF_8)));
        InputStream breaking = new SequenceInputStream(
                new ByteArrayInputStream(new byte[100_000]), new FilterInputStream(InputStream.nullInputStream()) {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection lost");
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        return read();
                    }
                });

        assertThatThrownBy(() -> store.put("kept.txt", breaking)).hasMessage("connection lost");

        try (InputStream in = store.find("kept.txt").orElseThrow().open()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("old");
        }
    }

    @Test
    void aNameThatHdfsRefusesIsTheClientsMistake() {
        ArtifactStore store = ArtifactStore.beside(home, Optional.of(root));

        assertThatThrownBy(() -> store.put("a/b:c", new ByteArrayInputStream(new byte[1])))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("a/b:c");
    }

    @Test
    void aClusterThatDoesNotAnswerIsSaidAtTheStart() {
        URI nobody = URI.create("hdfs://127.0.0.1:1/millrace");

        assertThatThrownBy(() -> ArtifactStore.open(home, Optional.of(nobody)))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("`--artifact-root hdfs://127.0.0.1:1/millrace` cannot be used");
    }
}
