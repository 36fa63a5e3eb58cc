package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A 2xx means it is on disk: a real server is killed while clients write, and everything acknowledged is there. */
class DurabilityTest {
    private static final int WRITERS = 32;

    private final Map<String, List<Integer>> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> artifacts = new ConcurrentLinkedQueue<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void nothingAcknowledgedIsLostByTwoKills(@TempDir Path home) throws Exception {
        killed(home, 2, 400);
    }

    @Test
    @Tag("slow")
    void nothingAcknowledgedIsLostByTwentyKills(@TempDir Path home) throws Exception {
        killed(home, 20, 1500);
    }

    private void killed(Path home, int kills, int writes) throws Exception {
        for (int kill = 1; kill <= kills; kill++) {
            ServerProcess server = ServerProcess.of(home);
            load(server, writes * kill);
            requireSound(home);
        }
        try (TestServer server = TestServer.start(home)) {
            for (Map.Entry<String, List<Integer>> entry : acknowledged.entrySet()) {
                assertThat(steps(server, entry.getKey())).containsAll(entry.getValue());
            }
            for (String path : artifacts) {
                assertThat(server.getPath(path).response().body()).as(path).hasSize(10_000);
            }
        }
        assertThat(total()).isGreaterThan(writes);
        assertThat(artifacts).isNotEmpty();
    }

    /**
     * SQLite's own checks, and on either database that what was written together is there together.
     */
    private static void requireSound(Path home) throws Exception {
        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            if (!database.isPostgres()) {
                assertThat(database.<List<String>>read(tx -> tx.createQuery("PRAGMA integrity_check")
                                .mapTo(String.class)
                                .list()))
                        .containsExactly("ok");
                assertThat(database.<List<String>>read(tx -> tx.createQuery("PRAGMA foreign_key_check")
                                .mapTo(String.class)
                                .list()))
                        .isEmpty();
            }
            // The latest point of a metric is written with its history or not at all.
            assertThat(database.<Long>read(tx -> tx.createQuery(
                                    """
                                    SELECT COUNT(*) FROM latest_metrics l WHERE l.step <>
                                      (SELECT MAX(m.step) FROM metrics m WHERE m.run_id = l.run_id AND m.key = l.key)""")
                            .mapTo(Long.class)
                            .one()))
                    .isZero();
        }
    }

    /** Writes from several threads until {@code total} are acknowledged, then kills the server in the middle. */
    private void load(ServerProcess server, int total) throws Exception {
        String url = server.url();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> ends = new ArrayList<>();
        AtomicInteger seen = new AtomicInteger(total());
        for (int i = 0; i < WRITERS; i++) ends.add(writers.submit(() -> write(url, seen)));
        while (seen.get() < total) Thread.onSpinWait();
        server.kill();
        for (Future<?> end : ends) end.get();
        writers.shutdown();
    }

    /** Ends when the server does. */
    private Void write(String url, AtomicInteger seen) throws InterruptedException {
        try {
            String run = TestServer.JSON
                    .readTree(post(url, "runs/create", "{\"experiment_id\": \"0\"}"))
                    .at("/run/info/run_id")
                    .asText();
            List<Integer> steps = new ArrayList<>();
            acknowledged.put(run, steps);
            for (int step = 0; ; step++) {
                post(
                        url,
                        "runs/log-metric",
                        "{\"run_id\": \"" + run + "\", \"key\": \"m\", \"value\": 1, \"timestamp\": 1, \"step\": "
                                + step + "}");
                steps.add(step);
                if (step % 10 == 0) artifact(url, run, step);
                seen.incrementAndGet();
            }
        } catch (IOException killed) {
            return null;
        }
    }

    private String post(String url, String call, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + "/api/2.0/mlflow/" + call))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IOException(answer.body());
        return answer.body();
    }

    private void artifact(String url, String run, int step) throws IOException, InterruptedException {
        String path = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/" + step + ".bin";
        HttpResponse<Void> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[10_000]))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() == 200) artifacts.add(path);
    }

    private int total() {
        return acknowledged.values().stream().mapToInt(List::size).sum();
    }

    private static List<Integer> steps(TestServer server, String run) {
        List<Integer> steps = new ArrayList<>();
        server.get("metrics/get-history?metric_key=m&run_id=" + run)
                .json()
                .path("metrics")
                .forEach(metric -> steps.add(metric.path("step").asInt()));
        return steps;
    }
}
