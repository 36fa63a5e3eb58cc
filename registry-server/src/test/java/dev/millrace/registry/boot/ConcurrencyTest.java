package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at once: no update is lost, nothing is there twice, and nobody sees a 5xx. */
class ConcurrencyTest {
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

    /** Starts all calls at the same moment, and gives their answers in the callers' order. */
    private static List<TestServer.Answer> atOnce(int callers, IntFunction<TestServer.Answer> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<TestServer.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            int caller = i;
            answers.add(threads.submit(() -> {
                go.await();
                return call.apply(caller);
            }));
        }
        go.countDown();
        List<TestServer.Answer> all = new ArrayList<>();
        for (Future<TestServer.Answer> answer : answers) all.add(answer.get());
        threads.shutdown();
        return all;
    }

    private static long ok(List<TestServer.Answer> answers) {
        return answers.stream().filter(answer -> answer.status() == 200).count();
    }

    @Test
    void twoHundredClientsLogToOneRun() throws Exception {
        String run = server.run("0");

        List<TestServer.Answer> answers = atOnce(
                200,
                i -> server.post(
                        "runs/log-batch",
                        "{'run_id': '" + run + "', 'metrics': [{'key': 'm', 'value': " + i
                                + ", 'timestamp': 1, 'step': " + i
                                + "}, {'key': 'all', 'value': 1, 'timestamp': 1, 'step': " + i + "}],"
                                + " 'tags': [{'key': 't" + i + "', 'value': '" + i + "'}]}"));

        JsonNode data = server.get("runs/get?run_id=" + run).json().at("/run/data");
        assertThat(ok(answers)).isEqualTo(200);
        assertThat(server.get("metrics/get-history?metric_key=m&run_id=" + run)
                        .json()
                        .path("metrics"))
                .hasSize(200);
        assertThat(data.at("/metrics/1/step").asInt()).isEqualTo(199);
        assertThat(data.path("tags")).hasSize(201);
    }

    @Test
    void oneOfFiftyMakesTheExperiment() throws Exception {
        List<TestServer.Answer> answers = atOnce(50, i -> server.post("experiments/create", "{'name': 'raced'}"));

        assertThat(ok(answers)).isEqualTo(1);
        assertThat(answers.stream().filter(answer -> answer.status() != 200).map(TestServer.Answer::errorCode))
                .hasSize(49)
                .containsOnly("RESOURCE_ALREADY_EXISTS");
    }

    @Test
    void oneOfFiftyMakesTheModel() throws Exception {
        List<TestServer.Answer> answers = atOnce(50, i -> server.post("registered-models/create", "{'name': 'raced'}"));

        assertThat(ok(answers)).isEqualTo(1);
        assertThat(answers.stream().filter(answer -> answer.status() != 200).map(TestServer.Answer::errorCode))
                .hasSize(49)
                .containsOnly("RESOURCE_ALREADY_EXISTS");
    }

    @Test
    void fiftyVersionsGetFiftyNumbers() throws Exception {
        server.post("registered-models/create", "{'name': 'versioned'}");
        String run = server.run("0");

        List<TestServer.Answer> answers = atOnce(
                50,
                i -> server.post(
                        "model-versions/create",
                        "{'name': 'versioned', 'source': 'runs:/" + run + "/m" + i + "', 'run_id': '" + run + "'}"));

        assertThat(answers.stream()
                        .map(answer ->
                                answer.json().at("/model_version/version").asInt())
                        .sorted())
                .isEqualTo(IntStream.rangeClosed(1, 50).boxed().toList());
    }

    @Test
    void oneOfFiftyValuesBecomesTheParam() throws Exception {
        String run = server.run("0");

        List<TestServer.Answer> answers = atOnce(
                50,
                i -> server.post("runs/log-parameter", "{'run_id': '" + run + "', 'key': 'p', 'value': '" + i + "'}"));

        assertThat(ok(answers)).isEqualTo(1);
        assertThat(answers.stream().map(TestServer.Answer::status)).containsOnly(200, 400);
    }
}
