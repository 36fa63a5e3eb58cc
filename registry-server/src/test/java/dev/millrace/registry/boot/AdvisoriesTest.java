package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways into MLflow that were found before, tried here. Which advisory is tried where: docs/registry/security.md. */
class AdvisoriesTest {
    @TempDir
    static Path openHome;

    @TempDir
    static Path closedHome;

    private static TestServer open;
    private static TestServer closed;
    private static TestServer admin;

    @BeforeAll
    static void start() throws IOException {
        open = TestServer.start(openHome);
        closed = TestServer.start(closedHome, "--auth");
        admin = closed.as(
                Files.readString(closedHome.resolve("registry/admin-token")).strip());
    }

    @AfterAll
    static void stop() {
        open.close();
        closed.close();
    }

    /** Byte for byte, since clients mend paths before they send them. */
    private static String raw(TestServer server, String line, String... headers) throws IOException {
        URI url = URI.create(server.url());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String request = line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + String.join(
                            "",
                            List.of(headers).stream()
                                    .map(header -> header + "\r\n")
                                    .toList()) + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/2.0/mlflow/experiments/get/?experiment_id=0",
                "//api/2.0/mlflow/experiments/get?experiment_id=0",
                "/api//2.0/mlflow/experiments/get?experiment_id=0",
                "/API/2.0/MLFLOW/experiments/get?experiment_id=0",
                "/api/2.0/mlflow/./experiments/get?experiment_id=0",
                "/health/../api/2.0/mlflow/experiments/get?experiment_id=0",
                "/health/%2e%2e/api/2.0/mlflow/experiments/get?experiment_id=0",
                "/static/..%2fapi/2.0/mlflow/experiments/get?experiment_id=0",
                "/health;/../api/2.0/mlflow/experiments/get?experiment_id=0",
                "/api/2.0/mlflow/experiments/get;health?experiment_id=0",
                "/%61pi/2.0/mlflow/experiments/get?experiment_id=0",
                "/api%2f2.0/mlflow/experiments/get?experiment_id=0",
                "/api/2.0/mlflow/experiments%2fget?experiment_id=0",
                "/api/2.0/mlflow/experiments/get%00?experiment_id=0",
                "/ajax-api/2.0/mlflow/experiments/get?experiment_id=0",
                "/ajax-api/2.0/mlflow/experiments/get/?experiment_id=0",
                "/api/3.0/mlflow/experiments/get?experiment_id=0",
                "http://localhost/api/2.0/mlflow/experiments/get?experiment_id=0",
                "\\api/2.0/mlflow/experiments/get?experiment_id=0"
            })
    void noSpellingOfAPathGetsAroundTheGate(String path) throws IOException {
        assertThat(raw(closed, "GET " + path)).doesNotStartWith("HTTP/1.1 200").doesNotContain("experiment_id\":");
        assertThat(raw(closed, "HEAD " + path)).startsWith("HTTP/1.1 4");
        assertThat(raw(closed, "GET /health", "X-Original-URL: " + path, "X-Rewrite-URL: " + path))
                .endsWith("OK");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-HTTP-Method-Override: GET",
                "X-Forwarded-User: admin",
                "X-Forwarded-For: 127.0.0.1",
                "Remote-User: admin"
            })
    void noHeaderGetsAroundTheGate(String header) throws IOException {
        assertThat(raw(closed, "GET /api/v1/users", header)).startsWith("HTTP/1.1 401");
        assertThat(raw(closed, "OPTIONS /api/v1/users", header)).doesNotContain("grants");
        assertThat(raw(closed, "TRACE /api/v1/users", header, "Cookie: secret=1"))
                .doesNotContain("secret=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"admin:password1234", "admin:password", "admin:admin", "admin:", ":", "mlflow:mlflow", "admin"})
    void thereAreNoDefaultCredentials(String pair) throws IOException {
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));

        assertThat(raw(closed, "GET /api/v1/users", "Authorization: Basic " + basic))
                .startsWith("HTTP/1.1 401");
        assertThat(raw(closed, "GET /api/v1/users", "Authorization: Bearer " + pair))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void headAsksForNoMoreThanGet() throws IOException {
        assertThat(raw(closed, "HEAD /health")).startsWith("HTTP/1.1 200");
        assertThat(raw(closed, "HEAD /")).startsWith("HTTP/1.1 200");
        assertThat(raw(closed, "HEAD /get-artifact?run_id=x&path=y")).startsWith("HTTP/1.1 401");
        assertThat(raw(closed, "HEAD /api/v1/drift/m")).startsWith("HTTP/1.1 401");
        assertThat(raw(open, "HEAD /api/v1/drift/m")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aRefusalDoesNotTellWhichUsersThereAre() throws IOException {
        String known = raw(closed, "GET /api/v1/users", "Authorization: " + basic("admin", "mr_x"), "X-Request-Id: r");
        String unknown =
                raw(closed, "GET /api/v1/users", "Authorization: " + basic("nobody", "mr_x"), "X-Request-Id: r");

        assertThat(known.replaceFirst("Date: .*", "")).isEqualTo(unknown.replaceFirst("Date: .*", ""));
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nobodyIsSignedInByAForeignPage() {
        for (String origin : new String[] {"null", "https://evil.example", "http://localhost.evil.example"}) {
            assertThat(session("application/json", origin).status()).as(origin).isEqualTo(403);
        }
        for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}) {
            assertThat(session(type, closed.url()).status()).as(type).isEqualTo(400);
        }
    }

    private static TestServer.Answer session(String type, String origin) {
        return closed.send(HttpRequest.newBuilder(URI.create(closed.url() + "/api/v1/session"))
                .headers("Content-Type", type, "Origin", origin)
                .POST(BodyPublishers.ofString("{\"token\": \"mr_x\"}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ajax-api/3.0/jobs/search", "/ajax-api/3.0/mlflow/jobs", "/api/3.0/mlflow/gateway/secrets/list",
                        "/graphql",
                "/api/2.0/mlflow/users/create", "/api/2.0/mlflow/gateway-proxy", "/ajax-api/2.0/mlflow/gateway-proxy",
                        "/v1/traces"
            })
    void whatIsNotThereHasNoBackDoor(String path) {
        for (String verb : new String[] {"GET", "POST", "PUT", "DELETE"}) {
            assertThat(closed.send(verb, path, "{}").status()).as(verb).isIn(401, 404, 405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../etc/passwd",
                "/etc/passwd",
                "//etc/passwd",
                "..%2f..%2fetc%2fpasswd",
                "%2e%2e/%2e%2e/etc/passwd",
                "%252e%252e%252fetc%252fpasswd",
                "..\\..\\etc\\passwd",
                "C:/windows/win.ini",
                "C:\\windows\\win.ini",
                "file:///etc/passwd",
                "a/../../../etc/passwd",
                "....//....//etc/passwd",
                "//proc/self/root/etc/passwd"
            })
    void noFileOfTheHostIsShown(String path) {
        String run = open.run("0");
        String encoded = URLEncoder.encode(path, StandardCharsets.UTF_8);
        String model = "traversed";
        open.post("registered-models/create", "{'name': '" + model + "'}");
        open.post(
                "model-versions/create",
                "{'name': '" + model + "', 'source': 'runs:/" + run + "/m', 'run_id': '" + run + "'}");

        for (String call : new String[] {
            "/get-artifact?run_id=" + run + "&path=" + encoded,
            "/model-versions/get-artifact?name=" + model + "&version=1&path=" + encoded,
            "/api/2.0/mlflow/artifacts/list?run_id=" + run + "&path=" + encoded,
            "/api/2.0/mlflow-artifacts/artifacts?path=" + encoded,
            "/api/2.0/mlflow-artifacts/artifacts/" + encoded.replace("+", "%20")
        }) {
            TestServer.Answer answer = open.getPath(call);
            assertThat(answer.status()).as(call).isIn(400, 404);
            assertThat(answer.body()).doesNotContain("root:", "for 16-bit app");
        }
        TestServer.Answer upload = open.send(HttpRequest.newBuilder(URI.create(
                        open.url() + "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=" + run + "&path=" + encoded))
                .POST(BodyPublishers.ofString("x")));
        assertThat(upload.status()).isEqualTo(400);
    }

    @Test
    void whatPeopleWriteIsNeverSentAsAPage() {
        String script = "<script>alert(1)</script>";
        String id = open.post(
                        "experiments/create",
                        "{'name': '" + script + "', 'tags': [{'key': 'mlflow.note.content', 'value': '" + script
                                + "'}]}")
                .json()
                .path("experiment_id")
                .asText();

        for (TestServer.Answer answer : List.of(
                open.get("experiments/get?experiment_id=" + id),
                open.get("experiments/get-by-name?experiment_name=%3Cscript%3E"),
                open.getPath("/%3Cscript%3Ealert(1)%3C/script%3E"),
                open.getPath("/api/v1/comments?target=%3Cscript%3E"))) {
            assertThat(answer.response().headers().firstValue("Content-Type").orElse(""))
                    .matches("application/(problem\\+)?json.*");
            assertThat(answer.response().headers().firstValue("X-Content-Type-Options"))
                    .contains("nosniff");
        }
        assertThat(open.getPath("/")
                        .response()
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElse(""))
                .startsWith("default-src 'self'")
                .doesNotContain("script-src", "unsafe-eval");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"page.html", "picture.svg", "MLmodel", "data.json", "note.md", "page.xhtml", "page.htm", "x.mht"
            })
    void whatPeopleUploadRunsNowhere(String name) {
        String run = open.run("0");
        open.send(HttpRequest.newBuilder(
                        URI.create(open.url() + "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/" + name))
                .PUT(BodyPublishers.ofString("<script>alert(1)</script>")));

        for (String call : new String[] {
            "/get-artifact?run_id=" + run + "&path=" + name,
            "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/" + name
        }) {
            var headers = open.getPath(call).response().headers();
            assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                    .startsWith("sandbox; default-src 'none'");
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR 1=1 --",
                "'; DROP TABLE runs; --",
                "x' UNION SELECT secret_hash FROM tokens --",
                "\\'; --",
                "%' OR '1'='1",
                "1; SELECT pg_sleep(9)"
            })
    void nothingThatIsAskedForBecomesSql(String text) {
        String run = open.run("0");
        String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
        String json = text.replace("\\", "\\\\").replace("\"", "\\\"");
        String token = Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        long begun = System.nanoTime();

        for (String field : new String[] {
            "\"order_by\": [\"" + json + "\"]", "\"filter\": \"" + json + "\"", "\"page_token\": \"" + token + "\""
        }) {
            TestServer.Answer answer = open.postRaw("runs/search", "{\"experiment_ids\": [\"0\"], " + field + "}");
            assertThat(answer.status()).as(field).isEqualTo(400);
        }
        for (String call : new String[] {
            "/api/2.0/mlflow/experiments/get?experiment_id=" + encoded,
            "/api/2.0/mlflow/experiments/get-by-name?experiment_name=" + encoded,
            "/api/2.0/mlflow/runs/get?run_id=" + encoded,
            "/api/2.0/mlflow/registered-models/get?name=" + encoded,
            "/api/2.0/mlflow/registered-models/search?filter=" + encoded,
            "/api/2.0/mlflow/model-versions/search?order_by=" + encoded,
            "/api/v1/audit?page_token=" + token,
            "/api/v1/audit?from=" + encoded,
            "/api/v1/drift/m?page_token=" + token
        }) {
            assertThat(open.getPath(call).status()).as(call).isIn(400, 404);
        }
        for (String call : new String[] {
            "/api/v1/audit?user=" + encoded,
            "/api/v1/audit?target=" + encoded,
            "/api/v1/drift/m?column=" + encoded,
            "/api/v1/drift/m?version=" + encoded,
            "/api/2.0/mlflow/metrics/get-history?run_id=" + run + "&metric_key=" + encoded
        }) {
            assertThat(open.getPath(call).body()).as(call).doesNotContain("\"user\"", "\"column_name\"", "\"value\"");
        }
        assertThat(open.get("runs/get?run_id=" + run).status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    }

    /** Patterns that make naive matchers try every way of matching. */
    @Test
    void noPatternTakesForEver() {
        String run = open.run("0");
        open.post("runs/set-tag", "{'run_id': '" + run + "', 'key': 'long', 'value': '" + "a".repeat(7_999) + "'}");
        String wild = "%a".repeat(40) + "%b";
        long begun = System.nanoTime();

        for (String filter : new String[] {
            "tags.long LIKE '" + wild + "'",
            "tags.long ILIKE '" + wild + "'",
            "tags.long LIKE '" + "_%".repeat(200) + "b'"
        }) {
            assertThat(open.postRaw("runs/search", "{\"experiment_ids\": [\"0\"], \"filter\": \"" + filter + "\"}")
                            .status())
                    .isEqualTo(200);
        }
        for (String filter : new String[] {
            "((((((((((".repeat(5_000),
            "a".repeat(100_000),
            "a.b = 'x' AND ".repeat(20_000),
            "'\\\\'".repeat(20_000),
            " ".repeat(100_000) + "x"
        }) {
            assertThat(open.postRaw("runs/search", "{\"experiment_ids\": [\"0\"], \"filter\": \"" + filter + "\"}")
                            .status())
                    .isEqualTo(400);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void noPageIsLargerThanItsLimit() {
        assertThat(open.post("runs/search", "{'experiment_ids': ['0'], 'max_results': 1000000}")
                        .status())
                .isEqualTo(400);
        assertThat(open.post("experiments/search", "{'max_results': 1000000000}")
                        .status())
                .isEqualTo(400);
        assertThat(open.get("registered-models/search?max_results=1000000").status())
                .isEqualTo(400);
        assertThat(open.get("model-versions/search?max_results=1000000000").status())
                .isEqualTo(400);
        assertThat(open.getPath("/api/v1/audit?max_results=1001").status()).isEqualTo(400);
        assertThat(open.getPath("/api/v1/drift/m?max_results=10001").status()).isEqualTo(400);
        assertThat(open.get("metrics/get-history-bulk?metric_key=m" + "&run_id=x".repeat(101))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void errorsTellNothingOfTheInside() {
        admin.post("registered-models/create", "{'name': 'hidden'}");
        for (TestServer.Answer answer : List.of(
                open.getPath("/api/v1/nothing"),
                open.postRaw("runs/create", "{"),
                open.post("runs/create", "{'tags': 7}"),
                open.getPath("/get-artifact?run_id=x&path=../x"),
                closed.get("registered-models/get?name=hidden"),
                open.send("PATCH", "/api/2.0/mlflow/runs/create", "{}"))) {
            assertThat(answer.status()).isBetween(400, 499);
            assertThat(answer.body())
                    .doesNotContain("\tat ", "Exception", "java.", "jackson", openHome.toString(), "hidden");
            assertThat(answer.response().headers().firstValue("Server")).isEmpty();
        }
    }
}
