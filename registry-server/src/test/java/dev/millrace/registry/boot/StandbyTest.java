package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.platform.storage.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A second server on a PostgreSQL database waits, and takes over when the first one dies. */
@EnabledIfSystemProperty(named = "test.database", matches = "postgresql")
class StandbyTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static int status(String url) {
        try {
            return CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException nobody) {
            return 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Where a server says it is; it may be a standby. */
    private static String url(Path home) throws IOException, InterruptedException {
        Path file = home.resolve("registry/server.json");
        for (int i = 0; i < 600 && !Files.exists(file); i++) Thread.sleep(50);
        return TestServer.JSON.readTree(Files.readString(file)).path("url").asText();
    }

    private static String[] options(Path home, String database) {
        return new String[] {"--home", home.toString(), "--port", "0", "--database", database};
    }

    private static boolean isReady(Path home) throws IOException, InterruptedException {
        for (int i = 0; i < 1_200; i++) {
            if (status(url(home) + "/ready") == 200) return true;
            Thread.sleep(50);
        }
        return false;
    }

    @Test
    void itIsAliveAndNotReadyUntilTheFirstOneEnds(@TempDir Path folder) throws Exception {
        String database = TestDatabases.postgresUrl(folder);
        ServerProcess first = ServerProcess.start(options(folder.resolve("first"), database));
        first.url();
        ServerProcess second = ServerProcess.start(options(folder.resolve("second"), database));
        String waiting = url(folder.resolve("second"));

        assertThat(status(waiting + "/health")).isEqualTo(200);
        assertThat(status(waiting + "/ready")).isEqualTo(503);
        assertThat(status(waiting + "/api/2.0/mlflow/experiments/get?experiment_id=0"))
                .isEqualTo(503);

        first.kill();
        assertThat(isReady(folder.resolve("second"))).isTrue();
        assertThat(status(url(folder.resolve("second")) + "/api/2.0/mlflow/experiments/get?experiment_id=0"))
                .isEqualTo(200);
        second.stop();
    }

    @Test
    void noAcknowledgedWriteIsLostWhenItTakesOverUnderLoad(@TempDir Path folder) throws Exception {
        takeOver(folder, 2);
    }

    @Test
    @Tag("slow")
    void noAcknowledgedWriteIsLostInTwentyTakeOvers(@TempDir Path folder) throws Exception {
        takeOver(folder, 20);
    }

    /** Four writers send experiments to whichever server answers; each time the server at work is killed. */
    private static void takeOver(Path folder, int times) throws Exception {
        String database = TestDatabases.postgresUrl(folder);
        AtomicReference<String> at = new AtomicReference<>();
        AtomicInteger number = new AtomicInteger();
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        ServerProcess working = ServerProcess.start(options(folder.resolve("0"), database));
        at.set(working.url());
        ExecutorService writers = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            writers.execute(() -> {
                while (!writers.isShutdown()) {
                    String name = "e" + number.incrementAndGet();
                    if (create(at.get(), name)) acknowledged.add(name);
                }
            });
        }
        for (int time = 1; time <= times; time++) {
            Path home = folder.resolve(String.valueOf(time));
            ServerProcess standby = ServerProcess.start(options(home, database));
            url(home);
            int before = acknowledged.size();
            while (acknowledged.size() < before + 20) Thread.sleep(20);
            working.kill();
            assertThat(isReady(home)).isTrue();
            at.set(url(home));
            working = standby;
        }
        int before = acknowledged.size();
        while (acknowledged.size() < before + 20) Thread.sleep(20);
        writers.shutdown();
        assertThat(writers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        Set<String> kept = names(at.get());
        assertThat(kept).containsAll(acknowledged);
        System.out.println(acknowledged.size() + " acknowledged writes, " + times + " take-overs, none lost");
        working.stop();
    }

    private static boolean create(String url, String name) {
        try {
            return CLIENT.send(
                                    HttpRequest.newBuilder(URI.create(url + "/api/2.0/mlflow/experiments/create"))
                                            .header("Content-Type", "application/json")
                                            .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"" + name + "\"}"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException died) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Set<String> names(String url) throws IOException, InterruptedException {
        Set<String> names = new HashSet<>();
        String token = "";
        do {
            String body = CLIENT.send(
                            HttpRequest.newBuilder(URI.create(url + "/api/2.0/mlflow/experiments/search"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"max_results\": 1000, \"page_token\": \"" + token + "\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            var page = TestServer.JSON.readTree(body);
            page.path("experiments").forEach(one -> names.add(one.path("name").asText()));
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());
        return names;
    }
}
