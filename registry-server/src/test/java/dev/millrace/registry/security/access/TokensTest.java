package dev.millrace.registry.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long a token lasts, what it may create, and what whoever found one tries to get out of it. */
class TokensTest {
    private static final String TOKENS = "/api/v1/tokens";
    private static final long DAY = Duration.ofDays(1).toMillis();

    @TempDir
    static Path home;

    private static TestServer nobody;
    private static TestServer admin;
    private static String one;

    @BeforeAll
    static void start() throws IOException {
        nobody = TestServer.start(home, "--auth");
        admin = nobody.as(Files.readString(home.resolve("registry/admin-token")).strip());
        one = admin.experiment("one");
    }

    @AfterAll
    static void stop() {
        nobody.close();
    }

    private static Answer create(TestServer by, String body) {
        return by.send("POST", TOKENS, body.replace('\'', '"'));
    }

    private static TestServer token(TestServer by, String body) {
        Answer made = create(by, body);
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        return nobody.as(made.json().path("secret").asText());
    }

    private static TestServer scoped(String... scopes) {
        return token(admin, "{'scopes': ['" + String.join("', '", scopes) + "']}");
    }

    @Test
    void aTokenCreatesNoWiderOne() {
        TestServer creator = scoped("write:experiment:on*", "read:models");

        for (String wider : new String[] {
            "write",
            "read",
            "write:experiment:o*",
            "approve:experiment:one",
            "write:models",
            "write:model:model",
            "endpoints",
            "admin"
        }) {
            Answer refused = create(creator, "{'name': 'wider', 'scopes': ['read:models', '" + wider + "']}");
            assertThat(refused.status()).as(wider).isEqualTo(403);
            assertThat(refused.json().path("detail").asText()).contains("`" + wider + "` is more than the scopes");
        }
        assertThat(audited("wider")).isEqualTo(8);
        JsonNode same = create(creator, "{}").json().at("/token/scopes");
        assertThat(same.toString()).isEqualTo("[\"write:experiment:on*\",\"read:models\"]");
        JsonNode narrower = create(creator, "{'scopes': ['read:experiment:one', 'read:model:m']}")
                .json();
        assertThat(narrower.at("/token/scopes")).hasSize(2);
    }

    private static long audited(String name) {
        JsonNode entries =
                admin.getPath("/api/v1/audit?max_results=1000").json().path("entries");
        long count = 0;
        for (JsonNode entry : entries) {
            boolean isOne = entry.path("action").asText().equals("POST /api/v1/tokens")
                    && entry.path("status").asInt() == 403
                    && entry.path("detail").asText().contains("\"" + name + "\"");
            if (isOne) count++;
        }
        return count;
    }

    @Test
    void aTokenThatReadsCreatesAndRevokesNone() {
        TestServer reader = scoped("read");
        String id = reader.getPath(TOKENS).json().at("/tokens/0/id").asText();

        assertThat(create(reader, "{'scopes': ['read']}").status()).isEqualTo(403);
        assertThat(reader.send("DELETE", TOKENS + "/" + id, "").status()).isEqualTo(403);
    }

    @Test
    void aNarrowedTokenSeesAndRevokesItselfAlone() {
        TestServer narrow = scoped("write:experiment:one");
        JsonNode seen = narrow.getPath(TOKENS).json().path("tokens");

        assertThat(seen).hasSize(1);
        assertThat(narrow.send("DELETE", TOKENS + "/1", "").status()).isEqualTo(404);
        assertThat(narrow.getPath(TOKENS + "?all=true").status()).isEqualTo(403);
        assertThat(narrow.send("DELETE", TOKENS + "/" + seen.at("/0/id").asText(), "")
                        .status())
                .isEqualTo(200);
        assertThat(narrow.getPath("/api/v1/me").status()).isEqualTo(401);
    }

    @Test
    void aTokenOfADayCreatesNoneThatEndsLater() {
        TestServer day = token(admin, "{'lifetime_days': 1}");

        Answer month = create(day, "{'name': 'month', 'lifetime_days': 30}");
        JsonNode without = create(day, "{}").json();

        assertThat(month.status()).isEqualTo(403);
        assertThat(month.json().path("detail").asText())
                .contains("would end after the token or session that creates it");
        assertThat(audited("month")).isEqualTo(1);
        assertThat(without.at("/token/expires_at").asLong())
                .isPositive()
                .isLessThanOrEqualTo(System.currentTimeMillis() + DAY);
        TestServer second = nobody.as(without.path("secret").asText());
        assertThat(create(second, "{}").json().at("/token/expires_at").asLong())
                .isEqualTo(without.at("/token/expires_at").asLong());
        assertThat(create(admin, "{}").json().path("token").has("expires_at")).isFalse();
    }

    @Test
    void aSessionIsNoWayAround() {
        String secret = create(admin, "{'lifetime_days': 1, 'scopes': ['write:experiment:one']}")
                .json()
                .path("secret")
                .asText();
        String cookie = cookie(nobody, secret, "");

        JsonNode me = withCookie("GET", "/api/v1/me", cookie, "").json();
        JsonNode made = withCookie("POST", TOKENS, cookie, "{}").json();

        assertThat(me.path("scopes").toString()).isEqualTo("[\"write:experiment:one\"]");
        assertThat(made.at("/token/scopes").toString()).isEqualTo("[\"write:experiment:one\"]");
        assertThat(Instant.ofEpochMilli(made.at("/token/expires_at").asLong()))
                .isBefore(Instant.now().plus(Duration.ofHours(13)));
        for (String body :
                new String[] {"{\"lifetime_days\": 1}", "{\"lifetime_days\": 30}", "{\"scopes\": [\"write\"]}"}) {
            assertThat(withCookie("POST", TOKENS, cookie, body).status())
                    .as(body)
                    .isEqualTo(403);
        }
    }

    private static String cookie(TestServer server, String secret, String proto) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/session"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"token\": \"" + secret + "\"}"));
        if (!proto.isEmpty()) request.header("X-Forwarded-Proto", proto);
        return server.send(request)
                .response()
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
    }

    private static Answer withCookie(String verb, String path, String cookie, String body) {
        return nobody.send(HttpRequest.newBuilder(URI.create(nobody.url() + path))
                .header("Content-Type", "application/json")
                .header("Cookie", cookie.substring(0, cookie.indexOf(';')))
                .method(verb, HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void theCookieIsSecureBehindAProxyThatIsDeclared(@TempDir Path other) throws IOException {
        try (TestServer proxied = TestServer.start(other, "--auth", "--behind-proxy")) {
            String secret =
                    Files.readString(other.resolve("registry/admin-token")).strip();

            assertThat(cookie(proxied, secret, "https")).contains("; Secure");
            assertThat(cookie(proxied, secret, "http")).doesNotContain("; Secure");
            assertThat(cookie(proxied, secret, "")).doesNotContain("; Secure");
        }
        String secret = create(admin, "{}").json().path("secret").asText();
        assertThat(cookie(nobody, secret, "https")).doesNotContain("; Secure");
    }

    /** A second server on the database, after a failover: what it revokes, the first must not believe for long. */
    @Test
    @Timeout(20)
    void aTokenThatAnotherServerRevokedIsRefusedSoon() throws InterruptedException {
        JsonNode made = create(admin, "{}").json();
        TestServer token = nobody.as(made.path("secret").asText());
        assertThat(token.getPath("/api/v1/me").status()).isEqualTo(200);
        try (Attachment other = Attachment.open(TestDatabases.of(home))) {
            other.write(tx -> tx.execute(
                    "DELETE FROM tokens WHERE id = " + made.at("/token/id").asLong()));
        }

        long begun = System.nanoTime();
        while (token.getPath("/api/v1/me").status() == 200) Thread.sleep(100);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
        assertThat(token.getPath("/api/v1/me").status()).isEqualTo(401);
    }

    /** A full disk, a lock, a writer that is gone: whoever may read reads. */
    @Test
    @Timeout(60)
    void readsDoNotWaitForWrites() throws Exception {
        assumeThat(TestDatabases.isPostgres()).isFalse();
        TestServer fresh = token(admin, "{}");
        try (var blocker = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("registry/registry.db"));
                var statement = blocker.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            long begun = System.nanoTime();

            assertThat(fresh.get("experiments/get?experiment_id=" + one).status())
                    .isEqualTo(200);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
            Thread.sleep(2_500); // the batch of last uses is tried now
            assertThat(fresh.get("experiments/get?experiment_id=" + one).status())
                    .isEqualTo(200);
            statement.execute("ROLLBACK");
        }
    }

    @Test
    void whenATokenWasLastUsedIsOnDiskWhenTheServerHasStopped(@TempDir Path other) throws IOException {
        try (TestServer server = TestServer.start(other, "--auth")) {
            String secret =
                    Files.readString(other.resolve("registry/admin-token")).strip();
            assertThat(server.as(secret).getPath("/api/v1/me").status()).isEqualTo(200);
        }
        try (Attachment database = Attachment.open(TestDatabases.of(other))) {
            long used = database.read(tx -> tx.createQuery("SELECT last_used_at FROM tokens")
                    .mapTo(Long.class)
                    .one());
            assertThat(used).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
        }
    }
}
