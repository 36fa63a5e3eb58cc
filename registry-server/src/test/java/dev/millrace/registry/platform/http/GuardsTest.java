package dev.millrace.registry.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.boot.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardsTest {
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

    private static String raw(String request) throws IOException {
        URI uri = URI.create(server.url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aForeignHostNameGetsNothing() throws IOException {
        String answer =
                raw("GET /api/2.0/mlflow/experiments/get?experiment_id=0 HTTP/1.1\nHost: evil.example:5000\n\n");

        assertThat(answer).startsWith("HTTP/1.1 403").contains("DNS rebinding").doesNotContain("Default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:5000", "127.0.0.1:1", "[::1]:5000"})
    void loopbacksOwnNamesAreServed(String host) throws IOException {
        assertThat(raw("GET /api/2.0/mlflow/experiments/get?experiment_id=0 HTTP/1.1\nHost: " + host + "\n\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void healthAnswersToAnyName() throws IOException {
        assertThat(raw("GET /health HTTP/1.1\nHost: probe.cluster.local\n\n"))
                .contains("200 OK")
                .endsWith("OK");
    }

    @Test
    void aForeignPageCannotWrite() {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.url() + "/api/2.0/mlflow/experiments/create"))
                .header("Content-Type", "application/json")
                .header("Origin", "https://evil.example")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"stolen\"}"));

        TestServer.Answer answer = server.send(request);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(server.get("experiments/get-by-name?experiment_name=stolen").status())
                .isEqualTo(404);
    }

    @Test
    void ourOwnPagesCanWrite() {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.url() + "/api/2.0/mlflow/experiments/create"))
                .header("Content-Type", "application/json")
                .header("Origin", server.url())
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"ours\"}"));

        assertThat(server.send(request).status()).isEqualTo(200);
    }

    @Test
    void aFormCannotPost() {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.url() + "/api/2.0/mlflow/experiments/create"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"form\"}"));

        TestServer.Answer answer = server.send(request);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("Content-Type must be one of ['application/json']");
    }

    /** By a socket: HttpClient goes on sending, and may miss the answer when the connection is closed. */
    @Test
    void anOversizedBodyIsRefusedByItsLength() throws IOException {
        URI url = URI.create(server.url());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String head = "POST /api/2.0/mlflow/experiments/create HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + ((32 << 20) + 1) + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[64 << 10]); // what the server takes before it looks

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("33554432 bytes");
        }
    }

    @Test
    void unknownCallsAnswerAnErrorThatClientsCanRead() {
        TestServer.Answer answer = server.post("traces", "{}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.errorCode()).isEqualTo("ENDPOINT_NOT_FOUND");
    }

    @Test
    void pagesAndLibrariesAreServedWithPolicyAndTag() {
        TestServer.Answer page = server.getPath("/static/probe.js");
        TestServer.Answer library = server.getPath("/webjars/echarts/5.5.0/echarts.esm.min.js");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.response().headers().firstValue("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(page.response().headers().firstValue("Content-Security-Policy"))
                .get()
                .asString()
                .startsWith("default-src 'self'");
        assertThat(library.status()).isEqualTo(200);
        assertThat(library.body()).hasSizeGreaterThan(1_000_000);
        String tag = page.response().headers().firstValue("ETag").orElseThrow();
        TestServer.Answer again = server.send(HttpRequest.newBuilder(URI.create(server.url() + "/static/probe.js"))
                .header("If-None-Match", tag));
        assertThat(again.status()).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/../db/0001_first.sql", "/static/%2e%2e/db/0001_first.sql", "/static/..%2fdb/0001_first.sql",
                "/webjars/../../../db/0001_first.sql", "/static//etc/passwd", "/static/%252e%252e/db/0001_first.sql"
            })
    void pagesDoNotLeadElsewhere(String path) throws IOException {
        String answer = raw("GET " + path + " HTTP/1.1\nHost: localhost\n\n");

        assertThat(answer).matches("(?s)HTTP/1.1 40[04].*").doesNotContain("CREATE TABLE");
    }
}
