package dev.millrace.registry.outbound.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksTest {
    private static final String CREATED = "[{'entity': 'REGISTERED_MODEL', 'action': 'CREATED'}]";

    @TempDir
    static Path home;

    private static TestServer server;
    private static Receiver receiver;

    @BeforeAll
    static void start() {
        server = TestServer.start(home, "--webhook-host", "127.0.0.1");
        receiver = new Receiver();
    }

    @AfterAll
    static void stop() {
        receiver.close();
        server.close();
    }

    private static TestServer.Answer make(String url, String events) {
        return server.post(
                "webhooks", "{'name': 'hook', 'url': '" + url + "', 'secret': 's3cret', 'events': " + events + "}");
    }

    private static String id(TestServer.Answer made) {
        return made.json().at("/webhook/webhook_id").asText();
    }

    private static void delete(String id) {
        server.send("DELETE", "/api/2.0/mlflow/webhooks/" + id, "{}");
    }

    private static void model(String name) {
        server.post("registered-models/create", "{'name': '" + name + "'}");
    }

    @Test
    void whatHappenedIsToldAndSigned() throws InterruptedException {
        String id = id(make(receiver.url() + "/hook", CREATED));
        model("told");

        Receiver.Got got = receiver.next(10_000);
        delete(id);

        assertThat(got.path()).isEqualTo("/hook");
        assertThat(got.body()).startsWith("{\"entity\":\"registered_model\",\"action\":\"created\",\"timestamp\":\"");
        assertThat(got.body()).endsWith("\"data\":{\"name\":\"told\",\"tags\":{},\"description\":\"\"}}");
        String prefix =
                got.headers().getFirst(Delivery.ID) + "." + got.headers().getFirst(Delivery.TIME) + ".";
        assertThat(got.headers().getFirst(Delivery.SIGNATURE))
                .isEqualTo(Delivery.signature("s3cret", prefix + got.body()));
    }

    @Test // oracle: hmac.new(b"s3cret", b"id.1700000000.{}", hashlib.sha256) in Python
    void theSignatureIsMlflows() {
        assertThat(Delivery.signature("s3cret", "id.1700000000.{}"))
                .isEqualTo("v1,E1jT1gXbthS5zn30uBh7ToafsgF7EE2I1cmPPlN15rY=");
    }

    @Test
    void anOverloadedReceiverIsToldAgain() throws InterruptedException {
        String id = id(make(receiver.url() + "/twice", CREATED));
        model("again");

        Receiver.Got first = receiver.next(10_000);
        Receiver.Got second = receiver.next(10_000);
        delete(id);

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().getFirst(Delivery.ID))
                .isEqualTo(first.headers().getFirst(Delivery.ID));
    }

    @Test
    void aSecretThatCannotBeReadHoldsUpNoOtherWebhook() throws InterruptedException {
        String broken = id(make(receiver.url() + "/broken", CREATED));
        String whole = id(make(receiver.url() + "/whole", CREATED));
        breakSecretOf(broken);

        model("both");
        Receiver.Got got = receiver.next(10_000);
        Receiver.Got more = receiver.next(300);
        delete(broken);
        delete(whole);

        assertThat(got.path()).isEqualTo("/whole");
        assertThat(more).isNull();
    }

    private static void breakSecretOf(String webhook) {
        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            int changed =
                    database.write(tx -> tx.createUpdate("UPDATE webhooks SET secret = :other WHERE webhook_id = :id")
                            .bind("other", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
                            .bind("id", webhook)
                            .execute());
            assertThat(changed).isEqualTo(1);
        }
    }

    @Test
    void whatWaitsWhenTheServerEndsIsToldByTheNext(@TempDir Path other) throws InterruptedException {
        String url = receiver.url() + "/later";
        try (TestServer first = TestServer.start(other, "--webhook-host", "127.0.0.1")) {
            // Nobody listens there yet.
            first.post(
                    "webhooks",
                    "{'name': 'hook', 'url': 'http://127.0.0.1:1/none', 'secret': 's', 'events': " + CREATED + "}");
            first.post("registered-models/create", "{'name': 'late'}");
        }
        try (Attachment database = Attachment.open(TestDatabases.of(other))) {
            database.write(tx -> tx.execute("UPDATE webhooks SET url = '" + url + "'"));
        }

        try (TestServer second = TestServer.start(other, "--webhook-host", "127.0.0.1")) {
            assertThat(second.getPath("/health").status()).isEqualTo(200);
            Receiver.Got got = receiver.next(20_000);
            assertThat(got.path()).isEqualTo("/later");
            assertThat(got.body()).contains("late");
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws InterruptedException {
        String id = id(make(receiver.url() + "/moved", CREATED));

        JsonNode result = server.post("webhooks/" + id + "/test", "{}").json().path("result");
        Receiver.Got moved = receiver.next(10_000);
        Receiver.Got elsewhere = receiver.next(300);
        delete(id);

        assertThat(result.path("response_status").asInt()).isEqualTo(302);
        assertThat(moved.path()).isEqualTo("/moved");
        assertThat(elsewhere).isNull();
    }

    @Test
    void aDisabledWebhookIsNotTold() throws InterruptedException {
        String id = id(make(receiver.url() + "/off", CREATED));
        server.send("PATCH", "/api/2.0/mlflow/webhooks/" + id, "{\"status\": \"DISABLED\"}");
        model("untold");

        Receiver.Got got = receiver.next(500);
        delete(id);

        assertThat(got).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://1.1.1.1/x",
                "https://10.0.0.1/x",
                "https://169.254.169.254/latest",
                "https://[::1]/x",
                "https://[::ffff:10.0.0.1]/x",
                "https://[64:ff9b::a00:1]/x",
                "https://[2002:a00:1::]/x",
                "https://0.0.0.0/x",
                "https://localhost/x",
                "ftp://127.0.0.1/x",
                "https://",
                "file:///etc/passwd"
            })
    void placesThatAreNotPublicAreRefused(String url) {
        TestServer.Answer refused = make(url, CREATED);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorCode()).isEqualTo("INVALID_PARAMETER_VALUE");
    }

    @Test
    void theSecretIsNeitherToldNorKeptInTheClear() throws IOException {
        String id = id(make(receiver.url() + "/secret", CREATED));

        String told = server.get("webhooks/" + id).body();
        boolean kept;
        try (Stream<Path> files = Files.walk(home.resolve("registry"))) {
            kept = files.filter(file -> file.getFileName().toString().startsWith("registry.db"))
                    .anyMatch(WebhooksTest::holdsSecret);
        }
        delete(id);

        assertThat(told).contains("\"name\":\"hook\"").doesNotContain("s3cret");
        assertThat(kept).isFalse();
        assertThat(Files.getPosixFilePermissions(home.resolve("registry/webhook.key")))
                .hasSize(2);
    }

    private static boolean holdsSecret(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("s3cret");
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @Test
    void anUpdateChangesWhatItNamesAndNothingElse() {
        String id = id(make(receiver.url() + "/old", CREATED));

        JsonNode fresh = server.send("PATCH", "/api/2.0/mlflow/webhooks/" + id, "{\"name\": \"renamed\"}")
                .json()
                .path("webhook");
        delete(id);

        assertThat(fresh.path("name").asText()).isEqualTo("renamed");
        assertThat(fresh.path("url").asText()).endsWith("/old");
        assertThat(fresh.at("/events/0/entity").asText()).isEqualTo("REGISTERED_MODEL");
    }

    @Test
    void anEventThatAnEntityDoesNotHaveIsRefused() {
        TestServer.Answer refused = make(receiver.url(), "[{'entity': 'MODEL_VERSION_TAG', 'action': 'CREATED'}]");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message())
                .isEqualTo("Invalid action 'created' for entity 'model_version_tag'. Valid actions are: ['deleted',"
                        + " 'set']");
    }
}
