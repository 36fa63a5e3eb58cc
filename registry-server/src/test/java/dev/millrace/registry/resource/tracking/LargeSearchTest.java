package dev.millrace.registry.resource.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches over more rows than are looked at one by one give, page by page, what sorting them all gives. */
class LargeSearchTest {
    private static final int RUNS = 6_000;
    private static final int PAGE = 1_700;
    private static final long SEED = 20_261_127;
    private static final Map<String, Predicate<Seeded>> FILTERS = Map.of(
            "", run -> true,
            "params.depth = '7'", run -> run.depth == 7, // few rows
            "params.depth != '7'", run -> run.depth != 7, // many rows
            "metrics.m > 0.1", run -> run.state == 0 && run.value > 0.1,
            "metrics.m != 0.5 and params.depth LIKE '_'", run -> run.state == 1 || (run.state == 0 && run.value != 0.5),
            "params.depth IS NULL", run -> false);
    private static final Comparator<Seeded> DEFAULT =
            Comparator.comparingLong(Seeded::start).reversed().thenComparing(Seeded::uuid);
    private static final Comparator<Seeded> RANKED = Comparator.comparingInt(Seeded::state);
    private static final Map<String, Comparator<Seeded>> ORDERS = Map.of(
            "", DEFAULT,
            "metrics.m DESC",
                    RANKED.thenComparing(
                                    Comparator.comparingDouble(Seeded::value).reversed())
                            .thenComparing(DEFAULT),
            "metrics.m ASC", RANKED.thenComparingDouble(Seeded::value).thenComparing(DEFAULT),
            "params.depth ASC", Comparator.comparingInt(Seeded::depth).thenComparing(DEFAULT));

    @TempDir
    static Path home;

    private static final List<Seeded> SEEDED = seeded();
    private static TestServer server;

    /**
     * A run.
     *
     * @param state of metric m: 0 a number, 1 NaN, 2 missing
     */
    private record Seeded(int id, String uuid, long start, int depth, int state, double value) {}

    private static List<Seeded> seeded() {
        Random random = new Random(SEED);
        List<Seeded> runs = new ArrayList<>();
        // Far from the ids that the server itself gives.
        for (int i = 1_000_001; i <= 1_000_000 + RUNS; i++) {
            String uuid = "%016x%016x".formatted(random.nextLong(), random.nextLong());
            int state = i % 50 == 0 ? 2 : i % 49 == 0 ? 1 : 0;
            double value = state == 0 ? random.nextInt(200) / 100.0 : 0;
            runs.add(new Seeded(i, uuid, random.nextInt(1_000), random.nextInt(10), state, value));
        }
        return runs;
    }

    @BeforeAll
    static void start() {
        server = TestServer.start(home);
        server.experiment("large");
        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            database.write(tx -> fill(tx));
        }
    }

    private static Object fill(Handle tx) {
        PreparedBatch runs = tx.prepareBatch(
                """
                INSERT INTO runs (id, run_uuid, experiment_id, name, user_id, status, start_time, lifecycle, artifact_uri)
                VALUES (:id, :uuid, 1, '', '', 'FINISHED', :start, 'active', '')""");
        PreparedBatch metrics = tx.prepareBatch("INSERT INTO latest_metrics VALUES (:id, 'm', 0, 0, :value, :nan)");
        PreparedBatch params = tx.prepareBatch("INSERT INTO run_params VALUES (:id, 'depth', :depth)");
        for (Seeded run : SEEDED) {
            runs.bind("id", run.id)
                    .bind("uuid", run.uuid)
                    .bind("start", run.start)
                    .add();
            params.bind("id", run.id).bind("depth", String.valueOf(run.depth)).add();
            if (run.state < 2) {
                metrics.bind("id", run.id)
                        .bind("value", run.value)
                        .bind("nan", run.state)
                        .add();
            }
        }
        runs.execute();
        metrics.execute();
        params.execute();
        tx.execute("ANALYZE"); // as autovacuum does within a minute
        return null;
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> found(String filter, String order) {
        ObjectNode body =
                TestServer.JSON.createObjectNode().put("filter", filter).put("max_results", PAGE);
        body.putArray("experiment_ids").add("1");
        if (!order.isEmpty()) body.putArray("order_by").add(order);
        List<String> uuids = new ArrayList<>();
        String token = "";
        do {
            JsonNode page = server.postRaw(
                            "runs/search", body.put("page_token", token).toString())
                    .json();
            page.path("runs").forEach(run -> uuids.add(run.at("/info/run_id").asText()));
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());
        return uuids;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            emptyValue = "",
            value = {
                "^^                                             | metrics.m DESC",
                "params.depth = '7'                             | metrics.m DESC",
                "params.depth = '7'                             | ^^",
                "params.depth != '7'                            | metrics.m ASC",
                "params.depth != '7'                            | ^^",
                "metrics.m > 0.1                                | metrics.m DESC",
                "metrics.m > 0.1                                | params.depth ASC",
                "metrics.m != 0.5 and params.depth LIKE '_'     | metrics.m DESC",
                "params.depth IS NULL                           | metrics.m ASC",
            })
    void pagesAreWhatSortingAllRowsGives(String filter, String order) {
        List<String> expected = SEEDED.stream()
                .filter(FILTERS.get(filter))
                .sorted(ORDERS.get(order))
                .map(Seeded::uuid)
                .toList();

        assertThat(found(filter, order)).isEqualTo(expected);
    }

    /** They follow in pieces. */
    @Test
    void allRunsGoWithTheirExperimentAndComeBackWithIt() {
        List<String> before = found("", "");

        server.post("experiments/delete", "{'experiment_id': '1'}");

        assertThat(found("", "")).isEmpty();
        assertThat(server.get("runs/get?run_id=" + SEEDED.get(RUNS - 1).uuid)
                        .json()
                        .at("/run/info/lifecycle_stage")
                        .asText())
                .isEqualTo("deleted");
        server.post("experiments/restore", "{'experiment_id': '1'}");
        assertThat(found("", "")).isEqualTo(before).hasSize(RUNS);
    }

    @Test
    void aSmallExperimentBesideALargeOneIsSearchedAlone() {
        String small = server.experiment("small");
        String run = server.run(small);

        assertThat(server.post("runs/search", "{'experiment_ids': ['" + small + "'], 'order_by': ['metrics.m DESC']}")
                        .json()
                        .findValuesAsText("run_id"))
                .containsExactly(run);
    }
}
