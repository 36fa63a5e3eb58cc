package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client should send, to a server with 256 MB of heap: an answer below 500, and the server lives on. */
class HostileRequestsTest {
    private static final String CREATE = "/api/2.0/mlflow/runs/create";
    private static final int MANY = 24;
    /** Of half a megabyte each: 300 MB, where the heap has 256. */
    private static final int LARGE_RUNS = 600;

    @TempDir
    static Path home;

    private static ServerProcess server;
    private static URI url;
    private static HttpClient client;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.of(home);
        url = URI.create(server.url());
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
    }

    @AfterEach
    void theServerLivesAndHasNothingToComplainOf() throws Exception {
        assertThat(client.send(
                                request("/api/2.0/mlflow/experiments/get?experiment_id=0")
                                        .build(),
                                text())
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.log()).doesNotContain("\tat ", "OutOfMemory", " ERROR ");
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(60));
    }

    private static HttpResponse.BodyHandler<String> text() {
        return HttpResponse.BodyHandlers.ofString();
    }

    private static HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
        if (headers.length > 0) request.headers(headers);
        return client.send(request.POST(BodyPublishers.ofByteArray(body)).build(), text());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return post(path, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The first line of what comes back; empty when the connection was just closed. */
    private static String status(byte[] head, byte[] block, int times) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(60_000);
            try {
                OutputStream out = socket.getOutputStream();
                out.write(head);
                for (int i = 0; i < times; i++) out.write(block);
            } catch (IOException refusedEarly) {
                // What the server said before it closed is read below.
            }
            try {
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .orElse("");
            } catch (IOException reset) {
                return "";
            }
        }
    }

    private static byte[] head(String path, String... headers) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aBodyLargerThanTheHeapWithoutALength() throws IOException {
        byte[] spaces = new byte[1 << 20];
        Arrays.fill(spaces, (byte) ' ');
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes("100000\r\n".getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(spaces);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));

        String status = status(head(CREATE, "Transfer-Encoding: chunked"), chunk.toByteArray(), 400);

        assertThat(status).isIn("HTTP/1.1 413 Payload Too Large", "");
    }

    @Test
    void aLengthThatNobodyCouldSend() throws IOException {
        assertThat(status(head(CREATE, "Content-Length: 99999999999"), new byte[1 << 20], 1))
                .contains(" 413 ");
    }

    @Test
    void manyLargeBodiesAtOnceThatUnfoldToThirtyTimesTheirLength() {
        byte[] body = ("{\"tags\": [" + "{},".repeat(10_000_000) + "{}]}").getBytes(StandardCharsets.US_ASCII);
        HttpRequest request = request(CREATE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();

        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < MANY; i++) sent.add(client.sendAsync(request, text()));
        List<Integer> statuses = sent.stream()
                .map(answer -> answer.handle((got, closed) -> got == null ? 0 : got.statusCode())
                        .join())
                .toList();

        assertThat(statuses).isSubsetOf(0, 503); // 0: closed, since the rest would not be read
    }

    @Test
    @Tag("slow")
    void manyPagesAtOnceOfMoreThanTheHeap() throws Exception {
        String experiment = post("/api/2.0/mlflow/experiments/create", "{\"name\": \"large\"}")
                .body()
                .replaceAll("\\D+", "");
        String tags = IntStream.range(0, 60)
                .mapToObj(i -> "{\"key\": \"k" + i + "\", \"value\": \"" + "v".repeat(8_000) + "\"}")
                .collect(Collectors.joining(", ", "[", "]"));
        for (int i = 0; i < LARGE_RUNS; i++) {
            post(CREATE, "{\"experiment_id\": \"" + experiment + "\", \"tags\": " + tags + "}");
        }
        String all = "{\"experiment_ids\": [\"" + experiment + "\"], \"max_results\": 50000, \"page_token\": \"%s\"}";

        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            HttpRequest request = request("/api/2.0/mlflow/runs/search")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(all.formatted("")))
                    .build();
            asked.add(client.sendAsync(request, text()).thenApply(answer -> {
                assertThat(answer.statusCode()).isIn(200, 503);
                return answer;
            }));
        }
        asked.forEach(CompletableFuture::join);

        Set<String> seen = new HashSet<>();
        String token = "";
        do {
            String page =
                    post("/api/2.0/mlflow/runs/search", all.formatted(token)).body();
            Matcher id = Pattern.compile("\"run_id\":\"([0-9a-f]{32})").matcher(page);
            while (id.find()) assertThat(seen.add(id.group(1))).isTrue();
            Matcher next = Pattern.compile("\"next_page_token\":\"([^\"]+)").matcher(page);
            token = next.find() ? next.group(1) : "";
        } while (!token.isEmpty());
        assertThat(seen).hasSize(LARGE_RUNS);
    }

    @Test
    void aLargeHonestBodyIsTaken() throws Exception {
        String profile = "é".repeat(12 << 20);

        HttpResponse<String> answer = post(CREATE, "{\"user_id\": \"u\", \"unknown\": \"" + profile + "\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{\"tags\":[{\"a\":["})
    void depth(String opening) throws Exception {
        HttpResponse<String> answer = post(CREATE, "{\"x\":" + opening.repeat(100_000));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).hasSizeLessThan(2_000).contains("depth");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'start_time': 1e999999999}", "{'start_time': -1e999999999}", "{'start_time': 9223372036854775808}",
                "{'start_time': 0.1e-999999999}", "{'start_time': '99999999999999999999'}", "{'start_time': NaN}"
            })
    void numbersBeyondEveryType(String body) throws Exception {
        assertThat(post(CREATE, body.replace('\'', '"')).statusCode()).isEqualTo(400);
    }

    @Test
    void aNumberOfAMillionDigits() throws Exception {
        assertThat(post(CREATE, "{\"start_time\": " + "9".repeat(1_000_000) + "}")
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'run_name': '\\ud83d'}", "{'run_name': '\\ude00\\ud83d'}",
                        "{'tags': [{'key': '\\ud83d', 'value': 'v'}]}",
                "{'\\udc00': 1}", "{'run_name': 'a\\u0000b'}", "{'tags': [{'key': 'k', 'value': '\\u0000'}]}"
            })
    void halvesOfSurrogatesAndNul(String body) throws Exception {
        assertThat(post(CREATE, body.replace('\'', '"')).statusCode()).isEqualTo(400);
        assertThat(post("/api/v1/comments", "{\"target\": \"model:m\", \"text\": \"\\ud83d\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    /** A cut in the middle of a pair would leave a half. */
    @Test
    void longTextsOfPairsAreCutBetweenThem() throws Exception {
        String run = post(CREATE, "{}").body().replaceAll("(?s).*\"run_id\":\"([0-9a-f]{32}).*", "$1");
        String text = "x" + "\ud83d\ude00".repeat(20_000);

        assertThat(post("/api/2.0/mlflow/runs/set-tag", tag(run, "k", text)).statusCode())
                .isEqualTo(200);
        assertThat(client.send(request("/api/2.0/mlflow/runs/get?run_id=" + run).build(), text())
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("/api/2.0/mlflow/runs/set-tag", tag(run, text, "v")).statusCode())
                .isEqualTo(400);
        assertThat(post("/api/2.0/mlflow/experiments/create", "{\"name\": \"" + text + "\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(CREATE, "{\"run_name\": [\"" + text + "\"]}").statusCode())
                .isEqualTo(400);
        assertThat(post("/api/v1/comments", "{\"target\": \"model:m\", \"text\": \"t\", \"author\": \"" + text + "\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    private static String tag(String run, String key, String value) {
        return "{\"run_id\": \"" + run + "\", \"key\": \"" + key + "\", \"value\": \"" + value + "\"}";
    }

    @Test
    void bytesThatAreNoUtf8() throws Exception {
        byte[] body = "{\"run_name\": \"..\"}".getBytes(StandardCharsets.US_ASCII);
        for (int first : new int[] {0xff, 0xc0, 0xed, 0xf8}) {
            body[14] = (byte) first;
            body[15] = (byte) 0xa0;
            assertThat(post(CREATE, body).statusCode()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'run_name': 'a', 'run_name': 'b'}",
                "{} {}",
                "[]",
                "null",
                "7",
                "'x'",
                "{'tags': null, }",
                "\ufeff"
            })
    void whatIsAlmostJson(String body) throws Exception {
        for (String path : new String[] {CREATE, "/api/v1/comments", "/api/v1/session"}) {
            assertThat(post(path, body.replace('\'', '"')).statusCode())
                    .as(path)
                    .isBetween(400, 404);
        }
    }

    @Test
    void aDriftRequestWithHoles() throws Exception {
        for (String body : new String[] {
            "null",
            "{}",
            "{'run_id': 'r', 'granularity': 'day'}",
            "{'run_id': 'r', 'granularity': 'day', 'rows': [null]}",
            "{'run_id': 'r', 'granularity': null, 'rows': []}",
            "{'run_id': 'r', 'granularity': 'day', 'rows': [{}]}"
        }) {
            HttpRequest put = request("/api/v1/drift/m/1/0")
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString(body.replace('\'', '"')))
                    .build();
            assertThat(client.send(put, text()).statusCode()).as(body).isEqualTo(400);
        }
    }

    @Test
    void parametersTwiceAndWithOddNames() throws Exception {
        for (String query :
                new String[] {"/=1&/=2", "a=1&a=2", "=1&=2", "experiment_id=0&experiment_id=1", "%00=%00&%00=2"}) {
            assertThat(client.send(
                                    request("/api/2.0/mlflow/experiments/get?" + query)
                                            .build(),
                                    text())
                            .statusCode())
                    .as(query)
                    .isLessThan(500);
        }
    }

    @Test
    void aThousandRunsInOneAddressAreRefusedByTheirNumber() throws Exception {
        String query = "metric_key=k" + "&run_id=0123456789abcdef0123456789abcdef".repeat(1000);

        HttpResponse<String> answer = client.send(
                request("/ajax-api/2.0/mlflow/metrics/get-history-bulk?" + query)
                        .build(),
                text());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("GetMetricHistoryBulk request cannot specify more than");
    }

    @Test
    void whatJettyRefusesIsJsonAndTheEndOfTheConnection() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/api/2.0/mlflow-artifacts/artifacts/a%00.txt").build(), text());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Connection")).contains("close");
        assertThat(answer.body()).startsWith("{").contains("\"error_code\":\"BAD_REQUEST\"");
    }

    @Test
    void doubledSlashesLeadToTheAddressThatIsMeantAndNowhereElse() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(url + "//evil.example//version?a=1%2F%2F2"))
                        .build(),
                text());

        assertThat(answer.statusCode()).isEqualTo(308);
        assertThat(answer.headers().firstValue("Location")).contains("/evil.example/version?a=1%2F%2F2");
    }

    @Test
    void headersAndAddressesWithoutEnd() throws IOException {
        String get = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n";
        String much = "x".repeat(1 << 20);

        assertThat(statusOf(get.formatted("/" + much, ""))).matches("HTTP/1.1 4(14|31) .*|");
        assertThat(statusOf(get.formatted("/?a=" + much, ""))).matches("HTTP/1.1 4(14|31) .*|");
        assertThat(statusOf(get.formatted("/health", "A: " + much + "\r\n"))).matches("HTTP/1.1 431 .*|");
        assertThat(statusOf(get.formatted("/health", "A: b\r\n".repeat(100_000))))
                .matches("HTTP/1.1 431 .*|");
        assertThat(statusOf(
                        get.formatted("/api/2.0/mlflow/experiments/get?experiment_id=" + much.substring(0, 6_000), "")))
                .contains(" 400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/2.0/mlflow/experiments/get?experiment_id=%00 HTTP/1.1",
                "GET /get-artifact?run_id=0&path=%00 HTTP/1.1",
                "GET /%00 HTTP/1.1",
                "GET /\u0000 HTTP/1.1",
                "GET /%zz HTTP/1.1",
                "GET /api/2.0/mlflow/experiments/get?%zz=%f HTTP/1.1",
                "GET /%ff%fe HTTP/1.1",
                "GET http://[ HTTP/1.1",
                "GET /api/v1/drift/%ED%A0%80 HTTP/1.1",
                "BREW / HTTP/1.1",
                "GET / HTTP/9.9",
                "GET /",
                "PRI * HTTP/2.0",
                "GET /api/2.0/mlflow/experiments/get?experiment_id=%ED%A0%80 HTTP/1.1",
                "\u0016\u0003\u0001"
            })
    void requestLinesFromNowhere(String line) throws IOException {
        assertThat(statusOf(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .matches("HTTP/1.1 (4..|505) .*|");
    }

    private static String statusOf(String request) throws IOException {
        return status(request.getBytes(StandardCharsets.ISO_8859_1), new byte[0], 0);
    }

    @Test
    void packedBodiesAreNotUnpacked() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 512; i++) packed.write(zeros);
        }

        assertThat(post(CREATE, bomb.toByteArray(), "Content-Encoding", "gzip").statusCode())
                .isEqualTo(400);
    }

    @Test
    void whoeverSendsSlowlyHoldsNobodyUp() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket(url.getHost(), url.getPort());
                slow.add(socket);
                byte[] head = head(CREATE, "Content-Length: 1000");
                boolean withBody = i % 2 == 0;
                socket.getOutputStream().write(head, 0, withBody ? head.length : 20);
                if (withBody) socket.getOutputStream().write('{');
            }

            long begun = System.nanoTime();
            assertThat(post(CREATE, "{}").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        } finally {
            for (Socket socket : slow) socket.close();
        }
    }

    @Test
    @Tag("slow")
    void whoeverDawdlesWithALongBodyIsTurnedAway() throws Exception {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(head(CREATE, "Content-Length: 10000000"));
            out.write(new byte[70_000]);
            for (int second = 0; second < 20 && socket.getInputStream().available() == 0; second++) {
                Thread.sleep(1_000);
                out.write(' ');
            }
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertThat(answer).isEqualTo("HTTP/1.1 408");
        }
    }
}
