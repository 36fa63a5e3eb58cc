package dev.millrace.registry.resource.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Oracle: MLflow's rule, spelled out; its own answers are in scripts/conformance.d/recorded/histories-of-many.json. */
class SamplingTest {
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

    private record Point(long step, long timestamp, double value) implements Comparable<Point> {
        @Override
        public int compareTo(Point other) {
            return Comparator.comparingLong(Point::step)
                    .thenComparingLong(Point::timestamp)
                    .thenComparingDouble(Point::value)
                    .compare(this, other);
        }
    }

    @Test
    void evenlySpacedPointsWhateverTheirSteps() {
        Random random = new Random(11);
        for (int round = 0; round < 25; round++) {
            String run = server.run("0");
            TreeSet<Point> points = new TreeSet<>();
            int steps = 1 + random.nextInt(round % 2 == 0 ? 3 : 400);
            int many = 1 + random.nextInt(300);
            for (int i = 0; i < many; i++) {
                points.add(new Point(random.nextInt(steps) - 5, random.nextInt(50), random.nextInt(4)));
            }
            log(run, points);
            for (int most : new int[] {1, 2, 3, 1 + random.nextInt(many), many, many + 1}) {
                assertThat(sampled(run, most, ""))
                        .as("%d of %d", most, points.size())
                        .isEqualTo(evenly(points, most));
            }
            TreeSet<Point> within = new TreeSet<>(points);
            within.removeIf(point -> point.step() < -1 || point.step() > steps / 2);
            assertThat(sampled(run, 7, "&start_step=-1&end_step=" + steps / 2)).isEqualTo(evenly(within, 7));
        }
    }

    @Test
    void valuesThatAreNoNumbersAreKept() {
        String run = server.run("0");
        server.post("runs/log-metric", "{'run_id': '" + run + "', 'key': 'm', 'value': 'NaN', 'timestamp': 1}");
        server.post("runs/log-metric", "{'run_id': '" + run + "', 'key': 'm', 'value': 0, 'timestamp': 1}");

        assertThat(values(run, 10)).containsExactly("0.0", "NaN");
        assertThat(values(run, 1)).containsExactly("NaN");
    }

    @Test
    void longGroupsBeginBesideValuesThatAreNoNumbers() {
        String run = server.run("0");
        List<String> metrics = new ArrayList<>();
        for (int step = 0; step < 151; step++) { // 302 points: groups of 101, 101, 100; place 101 is the NaN of step 50
            for (String value : List.of("0", "'NaN'")) {
                metrics.add("{'key': 'm', 'value': " + value + ", 'timestamp': 1, 'step': " + step + "}");
            }
        }
        server.post("runs/log-batch", "{'run_id': '" + run + "', 'metrics': " + metrics + "}");

        assertThat(values(run, 3)).containsExactly("0.0", "NaN", "NaN");
        assertThat(metrics(run, 3, "").findValuesAsText("step")).containsExactly("0", "50", "150");
    }

    private static List<Point> evenly(SortedSet<Point> points, int most) {
        List<Point> sorted = new ArrayList<>(points);
        if (sorted.size() <= most) return sorted;
        List<Point> kept = new ArrayList<>();
        int start = 0;
        for (int group = 0; group < most; group++) {
            int end = start + sorted.size() / most + (group < sorted.size() % most ? 1 : 0);
            kept.add(sorted.get(group == most - 1 ? end - 1 : start));
            start = end;
        }
        return kept;
    }

    private static void log(String run, SortedSet<Point> points) {
        List<String> metrics = points.stream()
                .map(point -> "{'key': 'm', 'value': %s, 'timestamp': %d, 'step': %d}"
                        .formatted(point.value(), point.timestamp(), point.step()))
                .toList();
        server.post("runs/log-batch", "{'run_id': '" + run + "', 'metrics': " + metrics + "}");
    }

    private static JsonNode metrics(String run, int most, String more) {
        return server.getPath("/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids=" + run
                        + "&metric_key=m&max_results=" + most + more)
                .json()
                .path("metrics");
    }

    private static List<Point> sampled(String run, int most, String more) {
        List<Point> points = new ArrayList<>();
        metrics(run, most, more)
                .forEach(metric -> points.add(new Point(
                        metric.path("step").asLong(),
                        metric.path("timestamp").asLong(),
                        metric.path("value").asDouble())));
        return points;
    }

    private static List<String> values(String run, int most) {
        List<String> values = new ArrayList<>();
        metrics(run, most, "").forEach(metric -> values.add(metric.path("value").asText()));
        return values;
    }
}
