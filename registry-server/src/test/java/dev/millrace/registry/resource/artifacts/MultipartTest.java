package dev.millrace.registry.resource.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Ids;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads in parts: the calls, and what becomes of uploads that end otherwise than they should. */
class MultipartTest {
    private static final String MPU = "/api/2.0/mlflow-artifacts/mpu/";
    private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";

    @TempDir
    static Path served;

    @TempDir
    Path home;

    private static TestServer server;

    private ArtifactStore store;
    private MultipartUploads uploads;

    @BeforeAll
    static void start() {
        server = TestServer.start(served);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(home.resolve("registry"));
        uploads = at(Clock.systemUTC());
    }

    private MultipartUploads at(Clock clock) {
        store = ArtifactStore.open(home.resolve("registry"), java.util.Optional.empty());
        return MultipartUploads.open(home.resolve("registry"), store, Ids.secure(), clock);
    }

    private static InputStream of(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** As a client does it; the last part first. */
    static void upload(TestServer server, String folder, String name, String... contents) {
        JsonNode begun = server.send(
                        "POST",
                        MPU + "create/" + folder,
                        "{\"path\": \"/home/ada/" + name + "\", \"num_parts\": " + contents.length + "}")
                .json();
        List<String> parts = new ArrayList<>();
        for (int i = contents.length - 1; i >= 0; i--) {
            Answer sent = server.send(
                    "PUT",
                    URI.create(begun.at("/credentials/" + i + "/url").asText()).getPath(),
                    contents[i]);
            assertThat(sent.status()).as(sent.body()).isEqualTo(200);
            String etag = sent.response().headers().firstValue("ETag").orElseThrow();
            parts.add("{\"part_number\": " + (i + 1) + ", \"etag\": "
                    + TestServer.JSON.getNodeFactory().textNode(etag) + ", \"url\": \"u\"}");
        }
        Answer done = server.send(
                "POST",
                MPU + "complete/" + folder,
                "{\"path\": \"/home/ada/" + name + "\", \"upload_id\": " + begun.path("upload_id") + ", \"parts\": ["
                        + String.join(", ", parts) + "]}");
        assertThat(done.status()).as(done.body()).isEqualTo(200);
        assertThat(done.body()).isEqualTo("{}");
    }

    @Test
    void partsInAnyOrderBecomeOneFile() {
        upload(server, "0/run/artifacts", "model.bin", "one ", "two ", "", "three");

        assertThat(server.getPath(FILES + "0/run/artifacts/model.bin").body()).isEqualTo("one two three");
    }

    @Test
    void urlsAreThoseUnderWhichTheClientCame() {
        Answer begun = server.send("POST", MPU + "create/0", "{\"path\": \"C:\\\\x\\\\m.bin\", \"num_parts\": 2}");

        assertThat(begun.json().at("/credentials/1/url").asText())
                .isEqualTo(server.url() + MPU + "parts/"
                        + begun.json().path("upload_id").asText() + "/2");
        assertThat(begun.json().at("/credentials/1/part_number").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "create/0, {'path': 'f'}, num_parts",
        "create/0, {'num_parts': 1}, path",
        "create/0, '{''path'': ''f'', ''num_parts'': 0}', between 1 and 10000",
        "create/0, '{''path'': ''f'', ''num_parts'': 10001}', between 1 and 10000",
        "create/0, '{''path'': ''f'', ''num_parts'': 4294967297}', between 1 and 10000",
        "create/0, '{''path'': ''f'', ''num_parts'': -1}', between 1 and 10000",
        "create/0, '{''path'': ''x/'', ''num_parts'': 1}', name of a file",
        "create/0, '{''path'': ''..'', ''num_parts'': 1}', Invalid path",
        "create/0%2F..%2F1, '{''path'': ''f'', ''num_parts'': 1}', Invalid path",
        "complete/0, '{''path'': ''f'', ''parts'': []}', upload_id",
        "abort/0, '{''path'': ''f''}', upload_id"
    })
    void whatCannotBeBegunIsRefused(String step, String body, String told) {
        Answer refused = server.send("POST", MPU + step, body.replace('\'', '"'));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains(told);
    }

    @Test
    void aPartSentAgainCountsAsTheOneThatIsNamed() throws IOException {
        String id = uploads.begin("0/f", 1, "ada");
        String first = uploads.receive(id, 1, of("first"));
        String second = uploads.receive(id, 1, of("second"));

        uploads.complete(id, "0/f", "ada", List.of(new MultipartUploads.Part(1, first)));

        assertThat(second).isNotEqualTo(first);
        assertThat(content("0/f")).isEqualTo("first");
    }

    @Test
    void partsOutliveTheServer() throws IOException {
        String id = uploads.begin("0/f", 2, "ada");
        String one = uploads.receive(id, 1, of("a"));

        MultipartUploads after = at(Clock.systemUTC());
        String two = after.receive(id, 2, of("b"));
        List<MultipartUploads.Part> parts =
                List.of(new MultipartUploads.Part(2, two), new MultipartUploads.Part(1, one));
        after.complete(id, "0/f", "ada", parts);
        at(Clock.systemUTC()).complete(id, "0/f", "ada", parts);

        assertThat(content("0/f")).isEqualTo("ab");
        assertThat(leftOf(id)).containsExactlyInAnyOrder("upload.json", "done");
    }

    @Test
    void whatIsNotWholeIsNotCompleted() throws IOException {
        String id = uploads.begin("0/f", 2, "ada");
        MultipartUploads.Part one = new MultipartUploads.Part(1, uploads.receive(id, 1, of("a")));
        MultipartUploads.Part two = new MultipartUploads.Part(2, uploads.receive(id, 2, of("b")));

        List<List<MultipartUploads.Part>> wrong = List.of(
                List.of(),
                List.of(one),
                List.of(one, one),
                List.of(one, two, two),
                List.of(one, new MultipartUploads.Part(2, one.etag())),
                List.of(one, new MultipartUploads.Part(2, "../../0/f")));
        for (List<MultipartUploads.Part> parts : wrong) {
            assertThatThrownBy(() -> uploads.complete(id, "0/f", "ada", parts)).isInstanceOf(MillraceException.class);
        }
        assertThat(store.find("0/f")).isEmpty();
        uploads.complete(id, "0/f", "ada", List.of(two, one));
        assertThat(content("0/f")).isEqualTo("ab");
    }

    @Test
    void aPartThatBreaksOffLeavesNothing() throws IOException {
        String id = uploads.begin("0/f", 1, "ada");
        InputStream broken = new SequenceInputStream(of("x".repeat(100_000)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        });

        assertThatThrownBy(() -> uploads.receive(id, 1, broken)).isInstanceOf(IOException.class);

        assertThat(leftOf(id)).containsExactly("upload.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/g", "0/f/"})
    void anUploadIsForItsPathAndItsMaker(String path) throws IOException {
        String id = uploads.begin("0/f", 1, "ada");
        MultipartUploads.Part part = new MultipartUploads.Part(1, uploads.receive(id, 1, of("a")));

        assertThatThrownBy(() -> uploads.complete(id, path, "ada", List.of(part)))
                .hasMessageContaining("no such multipart upload");
        assertThatThrownBy(() -> uploads.complete(id, "0/f", "bob", List.of(part)))
                .hasMessageContaining("no such multipart upload");
        assertThatThrownBy(() -> uploads.abort(id, "0/f", "bob")).hasMessageContaining("no such multipart upload");
        uploads.complete(id, "0/f", "ada", List.of(part));
    }

    @Test
    void anAbortedUploadIsGone() throws IOException {
        String id = uploads.begin("0/f", 1, "ada");
        uploads.receive(id, 1, of("a"));

        uploads.abort(id, "0/f", "ada");
        uploads.abort(id, "0/f", "ada");

        assertThat(home.resolve("registry/uploads")).isEmptyDirectory();
        assertThatThrownBy(() -> uploads.receive(id, 1, of("a"))).hasMessageContaining("no such multipart upload");
    }

    @Test
    void anUploadIsKeptForADay() throws IOException {
        String id = uploads.begin("0/f", 1, "ada");
        Instant now = Instant.now();

        at(Clock.fixed(now.plus(Duration.ofHours(23)), ZoneOffset.UTC)).begin("0/g", 1, "ada");
        assertThat(leftOf(id)).containsExactly("upload.json");
        at(Clock.fixed(now.plus(Duration.ofHours(25)), ZoneOffset.UTC));

        assertThat(home.resolve("registry/uploads").resolve(id)).doesNotExist();
    }

    @Test
    void thereIsABoundOnOpenUploads() throws IOException {
        for (int i = 0; i < 3; i++) {
            String id = uploads.begin("0/done" + i, 1, "ada");
            String etag = uploads.receive(id, 1, of("x"));
            uploads.complete(id, "0/done" + i, "ada", List.of(new MultipartUploads.Part(1, etag)));
        }
        for (int i = 0; i < MultipartUploads.MOST_OPEN; i++) uploads.begin("0/f" + i, 1, "ada");

        assertThatThrownBy(() -> uploads.begin("0/g", 1, "ada"))
                .hasMessageContaining("1000 multipart uploads are open");
    }

    /** Against the same bytes as one file. */
    @Test
    void manyPartsOfAnyLength() throws IOException {
        Random random = new Random(20261128);
        StringBuilder whole = new StringBuilder();
        int count = 200;
        String id = uploads.begin("0/many", count, "ada");
        List<MultipartUploads.Part> parts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String piece = Integer.toString(random.nextInt(), 36).repeat(random.nextInt(5_000));
            whole.append(piece);
            parts.add(new MultipartUploads.Part(i, uploads.receive(id, i, of(piece))));
        }
        java.util.Collections.shuffle(parts, random);

        uploads.complete(id, "0/many", "ada", parts);

        assertThat(content("0/many")).isEqualTo(whole.toString());
    }

    private String content(String path) throws IOException {
        try (InputStream in = store.find(path).orElseThrow().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<String> leftOf(String id) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("registry/uploads").resolve(id))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
