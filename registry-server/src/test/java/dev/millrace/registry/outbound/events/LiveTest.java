package dev.millrace.registry.outbound.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveTest {
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

    /** An open page, from when the server says that it hears of changes: reads its stream in a thread of its own. */
    private static final class Page implements AutoCloseable {
        private final HttpURLConnection connection;
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        Page(String query) throws Exception {
            connection = (HttpURLConnection)
                    URI.create(server.url() + "/api/v1/events?" + query).toURL().openConnection();
            connection.setRequestProperty("Accept", "text/event-stream");
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            Thread reader = new Thread(() -> read(lines));
            reader.setDaemon(true);
            reader.start();
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("ready {}");
        }

        private void read(BufferedReader lines) {
            String event = "";
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event:")) event = line.substring(6).strip();
                    if (line.startsWith("data:"))
                        events.add(event + " " + line.substring(5).strip());
                }
            } catch (IOException closed) {
                events.add("closed");
            }
        }

        /** The next event of a kind; others are passed over. */
        JsonNode next(String kind) throws Exception {
            for (String event = events.poll(10, TimeUnit.SECONDS); event != null; ) {
                if (event.startsWith(kind + " ")) return TestServer.JSON.readTree(event.substring(kind.length() + 1));
                event = events.poll(10, TimeUnit.SECONDS);
            }
            throw new AssertionError("no event `" + kind + "` within ten seconds");
        }

        boolean isSilent() throws InterruptedException {
            String event = events.poll(700, TimeUnit.MILLISECONDS);
            return event == null || event.startsWith("people");
        }

        @Override
        public void close() {
            connection.disconnect();
        }
    }

    @Test
    void aWindowThatGoesOnToAnotherPageIsNotSeenBesideItself() throws Exception {
        try (Page before = new Page("topic=models&place=/walk&name=Ada&window=w1");
                Page other = new Page("topic=models&place=/walk&name=Bob&window=w2")) {
            assertThat(before.next("people").path("names")).isNotEmpty();
            assertThat(other.next("people").path("names")).hasSize(2);

            try (Page after = new Page("topic=models&place=/walk&name=Ada&window=w1")) {
                assertThat(after.next("people").path("names").toString()).isEqualTo("[\"Ada\",\"Bob\"]");
            }
        }
    }

    @Test
    void whatChangesOnceAPageIsReadyIsTold() throws Exception {
        String experiment = server.experiment("at once");
        for (int time = 0; time < 50; time++) {
            try (Page page = new Page("topic=experiment:" + experiment + "&topic=runs&place=/experiments")) {
                server.run(experiment);

                assertThat(page.next("changed").path("topics"))
                        .map(JsonNode::asText)
                        .containsExactlyInAnyOrder("experiment:" + experiment, "runs");
            }
        }
    }

    @Test
    void aPageHearsOfItsOwnTopicsAndNoOthers() throws Exception {
        String experiment = server.experiment("heard");
        String run = server.run(experiment);
        String other = server.run(experiment);
        try (Page page = new Page("topic=run:" + run)) {
            server.post("runs/log-metric", "{'run_id': '" + other + "', 'key': 'm', 'value': 1, 'timestamp': 1}");
            assertThat(page.isSilent()).isTrue();

            server.post("runs/log-metric", "{'run_id': '" + run + "', 'key': 'm', 'value': 1, 'timestamp': 1}");

            assertThat(page.next("changed").at("/topics/0").asText()).isEqualTo("run:" + run);
        }
    }

    @Test
    void anExperimentHearsOfItsRuns() throws Exception {
        String experiment = server.experiment("watched");
        try (Page page = new Page("topic=experiment:" + experiment)) {
            String run = server.run(experiment);
            assertThat(page.next("changed").at("/topics/0").asText()).isEqualTo("experiment:" + experiment);

            server.post("runs/update", "{'run_id': '" + run + "', 'status': 'FINISHED', 'end_time': 1}");
            assertThat(page.next("changed").at("/topics/0").asText()).isEqualTo("experiment:" + experiment);

            server.post("runs/search", "{'experiment_ids': ['" + experiment + "']}");
            server.post("runs/log-metric", "{'run_id': '" + run + "'}"); // refused
            assertThat(page.isSilent()).isTrue();
        }
    }

    @Test
    void aBurstOfWritesIsFewEvents() throws Exception {
        String run = server.run("0");
        try (Page page = new Page("topic=run:" + run)) {
            for (int i = 0; i < 200; i++) {
                server.post(
                        "runs/log-metric",
                        "{'run_id': '" + run + "', 'key': 'm', 'value': 1, 'step': " + i + ", 'timestamp': 1}");
            }
            page.next("changed");
            Thread.sleep(500);

            assertThat(page.events.size()).isLessThan(100);
        }
    }

    @Test
    void peopleOnTheSamePageSeeEachOther() throws Exception {
        try (Page ada = new Page("place=/models/m&name=Ada")) {
            assertThat(ada.next("people").path("names").toString()).isEqualTo("[\"Ada\"]");
            Page bob = new Page("place=/models/m&name=Bob");
            assertThat(ada.next("people").path("names").toString()).isEqualTo("[\"Ada\",\"Bob\"]");
            assertThat(bob.next("people").path("names").toString()).isEqualTo("[\"Ada\",\"Bob\"]");
        }
    }

    @Test
    void commentsReachThePagesAndAreTheirAuthors() throws Exception {
        try (Page page = new Page("topic=comments:model:talked")) {
            JsonNode added = server.send(
                            "POST",
                            "/api/v1/comments",
                            "{\"target\": \"model:talked\", \"text\": \"**good** work\", \"author\": \"Ada\"}")
                    .json();
            String path = "/api/v1/comments/" + added.path("id").asText();

            assertThat(page.next("changed").at("/topics/0").asText()).isEqualTo("comments:model:talked");
            assertThat(server.send("PATCH", path, "{\"text\": \"no\", \"author\": \"Bob\"}")
                            .status())
                    .isEqualTo(403);
            assertThat(server.send("PATCH", path, "{\"text\": \"better\", \"author\": \"Ada\"}")
                            .status())
                    .isEqualTo(200);
            JsonNode comment = server.getPath("/api/v1/comments?target=model:talked")
                    .json()
                    .at("/comments/0");
            assertThat(comment.path("text").asText()).isEqualTo("better");
            assertThat(comment.path("edited_at").asLong()).isPositive();
            assertThat(server.send("DELETE", path, "").status()).isEqualTo(200);
            assertThat(server.getPath("/api/v1/comments?target=model:talked")
                            .json()
                            .path("comments"))
                    .isEmpty();
        }
    }

    @Test
    void commentsThatAreNoneAreRefused() {
        String comments = "/api/v1/comments";

        assertThat(server.send("POST", comments, "{\"target\": \"model:m\", \"text\": \" \"}")
                        .status())
                .isEqualTo(400);
        assertThat(server.send("POST", comments, "{\"target\": \"lake:m\", \"text\": \"x\"}")
                        .status())
                .isEqualTo(400);
        assertThat(server.send("POST", comments, "{\"target\": \"model:m\", \"text\": \"" + "x".repeat(10_001) + "\"}")
                        .status())
                .isEqualTo(400);
        assertThat(server.send("DELETE", comments + "/99999", "").status()).isEqualTo(404);
    }
}
