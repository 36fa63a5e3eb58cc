package dev.millrace.job.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.JobHarness;
import dev.millrace.job.training.TrainJob;
import dev.millrace.job.training.TrainResult;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows a model has no prediction for: in quarantine, with their reason, and nowhere else. */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnscorableRowsTest {
    private static final Interval FIRST = days(1, 2);
    private static final Interval SECOND = days(2, 3);
    private static final AtomicInteger TABLES = new AtomicInteger();

    private JobHarness harness;
    private SparkSession spark;
    private Path model;
    private String table;

    @BeforeAll
    void writeModel(SparkSession session, @TempDir Path folder) throws IOException {
        spark = session;
        harness = new JobHarness(session, folder);
        model = ExactModel.write(folder.resolve("exact"));
    }

    @BeforeEach
    void nameTables() {
        table = "t" + TABLES.incrementAndGet();
    }

    private static Interval days(int from, int until) {
        return new Interval(
                Instant.parse("2026-01-0%dT00:00:00Z".formatted(from)),
                Instant.parse("2026-01-0%dT00:00:00Z".formatted(until)));
    }

    /** Rows 3 and 4 cannot be scored; 1 and 3 are of the first day. */
    private Dataset<Row> fourRows() {
        return rows("(1, 1, 5D, true), (2, 2, 7D, false), (3, 1, NULL, true), (4, 2, 3.5D, true)");
    }

    /** @param values of id, day in January, n and b */
    private Dataset<Row> rows(String values) {
        return spark.sql("SELECT CAST(id AS BIGINT) AS id, make_timestamp(2026, 1, day, 6, 0, 0) AS at, "
                + "CAST(n AS DOUBLE) AS n, CAST(b AS BOOLEAN) AS b FROM VALUES " + values + " AS t(id, day, n, b)");
    }

    private void write(Dataset<Row> rows) {
        harness.write("raw." + table, rows);
    }

    private void writeFed(Dataset<Row> rows) {
        String feed = "spark.databricks.delta.properties.defaults.enableChangeDataFeed";
        spark.conf().set(feed, "true");
        write(rows);
        spark.conf().unset(feed);
    }

    private void sql(String text) {
        spark.sql(text.replace("RAW", "delta.`" + harness.folder().resolve("lake/raw/" + table) + "`"));
    }

    private String yaml() {
        return """
                model: %s
                input: raw.%s
                output: predictions.%s
                keys: [id]
                time-column: at
                """
                .formatted(model, table, table);
    }

    private String part(String where) {
        return yaml().replace("raw." + table, "{table: raw." + table + ", where: \"" + where + "\"}");
    }

    private ScoreResult score(String more) {
        return harness.run(new ScoreJob(), yaml() + more);
    }

    private ScoreResult score(Interval interval) {
        return harness.run(new ScoreJob(), yaml(), Optional.of(interval));
    }

    private List<Long> scored() {
        return harness.read("predictions." + table).stream()
                .map(row -> row.<Long>getAs("id"))
                .sorted()
                .toList();
    }

    private List<String> quarantined() {
        if (!harness.exists("quarantine." + table)) return List.of();
        return harness.read("quarantine." + table).stream()
                .map(row -> row.<String>getAs("row_key"))
                .sorted()
                .toList();
    }

    private static String key(long id) {
        return "{\"id\":" + id + "}";
    }

    @Test
    void theOtherRowsAreScoredAndEachReasonNamesColumnAndValue() {
        write(fourRows());

        ScoreResult result = score("keep: [b]\n");

        assertThat(scored()).containsExactly(1L, 2L);
        assertThat(harness.read("predictions." + table))
                .extracting(row -> row.<Double>getAs("prediction"))
                .containsExactlyInAnyOrder(6.0, 7.0);
        assertThat(harness.read("quarantine." + table))
                .extracting(row -> row.getAs("record") + " | " + row.getAs("reason") + " | " + row.getAs("rule") + " | "
                        + row.getAs("column_name") + " | " + row.getAs("row_key"))
                .containsExactlyInAnyOrder(
                        "{\"id\":3,\"b\":true,\"event_time\":\"2026-01-01T06:00:00.000Z\"} | `n` is NULL, and the model"
                                + " requires a value | not-null | n | {\"id\":3}",
                        "{\"id\":4,\"n\":3.5,\"b\":true,\"event_time\":\"2026-01-02T06:00:00.000Z\"} | `n` is 3.5, and"
                                + " the model requires an integer | type | n | {\"id\":4}");
        assertThat(harness.read("quarantine." + table)).allSatisfy(row -> {
            assertThat(row.<String>getAs("table_name")).isEqualTo("predictions." + table);
            assertThat(row.<String>getAs("model_name")).isEqualTo(model.toString());
            assertThat(row.<String>getAs("owner")).isNotEmpty();
        });
        assertThat(result.rowsIn()).hasValue(4);
        assertThat(result.rowsOut()).hasValue(2);
        assertThat(result.details()).containsEntry("quarantined", 2L);
        assertThat(result.produced()).containsExactly("predictions." + table + "@0", "quarantine." + table + "@0");
    }

    @Test
    @Tag("slow")
    void bothEnginesQuarantineTheSameRows() {
        harness.write(
                "raw.flags",
                spark.sql("SELECT id, id % 3 = 0 AS flag, IF(id % 3 = 0, 'yes', 'no') AS label FROM range(60)"));
        TrainResult trainedBy = harness.run(
                new TrainJob(),
                """
                table: raw.flags
                label: label
                positive-class: "yes"
                features: {numeric: [flag]}
                algorithm: logistic-regression
                split: {by: hash, columns: id}
                """);
        Path trained = harness.tracking().artifacts(trainedBy.runId()).resolve("model");
        harness.write("raw.flagged", spark.sql("SELECT id, IF(id = 7, NULL, id % 3 = 0) AS flag FROM range(10)"));

        for (String engine : List.of("onnx", "spark")) {
            ScoreResult result = harness.run(
                    new ScoreJob(),
                    "model: %s\ninput: raw.flagged\noutput: predictions.by_%s\nkeys: [id]\nengine: %s\n"
                            .formatted(trained, engine, engine));

            assertThat(result.rowsOut()).hasValue(9);
            assertThat(harness.read("quarantine.by_" + engine))
                    .extracting(row -> row.getAs("row_key") + " " + row.getAs("reason"))
                    .containsExactly("{\"id\":7} `flag` is NULL, and the model requires a value");
        }
    }

    @Test
    void aRowIsInOneTableAsItsValuesSay() {
        aRowIsInOneTableAsItsValuesSay("incremental: true\n");
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {"", "write: replace\n"})
    void aRowIsInOneTableAsItsValuesSay(String more) {
        writeFed(fourRows());
        score(more);
        score(more);

        assertThat(scored()).as("twice").containsExactly(1L, 2L);
        assertThat(quarantined()).as("twice").containsExactly(key(3), key(4));

        sql("UPDATE RAW SET n = 9 WHERE id = 3");
        ScoreResult repaired = score(more);

        assertThat(scored()).as("repaired").containsExactly(1L, 2L, 3L);
        assertThat(quarantined()).as("repaired").containsExactly(key(4));
        assertThat(repaired.quarantined()).isEqualTo(more.startsWith("incremental") ? 0 : 1);

        sql("UPDATE RAW SET b = NULL WHERE id = 1");
        score(more);

        assertThat(scored()).as("a value lost").containsExactly(2L, 3L);
        assertThat(quarantined()).as("a value lost").containsExactly(key(1), key(4));
        assertThat(harness.table("predictions." + table).columns()).doesNotContain("_millrace_leaves");
    }

    @Test
    @Tag("slow")
    void anIntervalReplacesTheRowsOfItsTimeAlone() {
        write(fourRows());
        score(FIRST);
        score(SECOND);
        sql("UPDATE RAW SET n = 1");

        score(FIRST);

        assertThat(scored()).containsExactly(1L, 2L, 3L);
        assertThat(quarantined()).containsExactly(key(4));
    }

    @Test
    void anIntervalWithoutUnscorableRowsReadsItsInputOnce() {
        write(fourRows());
        score(FIRST);
        long before = harness.history("quarantine." + table).versions().size();
        sql("DELETE FROM RAW WHERE id = 4");

        score(SECOND);

        assertThat(harness.history("quarantine." + table).versions()).hasSize((int) before);
        assertThat(quarantined()).containsExactly(key(3));
    }

    @Test
    void whereEveryRowIsScoredThereIsNoQuarantine() {
        write(rows("(1, 1, 5D, true), (2, 2, 7D, false)"));

        ScoreResult result = score("");

        assertThat(result.quarantined()).isZero();
        assertThat(result.commits()).hasSize(1);
        assertThat(harness.exists("quarantine." + table)).isFalse();
    }

    @Test
    void whereNoRowIsScoredThereIsAnEmptyTable() {
        write(rows("(3, 1, NULL, true), (4, 2, 3.5D, true)"));

        ScoreResult result = score("");

        assertThat(scored()).isEmpty();
        assertThat(result.rowsIn()).hasValue(2);
        assertThat(quarantined()).containsExactly(key(3), key(4));
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nobodyElsesRowsAreTouched(boolean isDaily) {
        write(fourRows());
        Optional<Interval> interval = isDaily ? Optional.of(days(1, 3)) : Optional.empty();
        harness.write(
                "quarantine." + table,
                spark.sql("SELECT 'text' AS record, 'raw." + table + "' AS table_name, 'x' AS run_id, 3L AS batch_id"));
        harness.run(new ScoreJob(), part("id <= 3"), interval);
        harness.run(new ScoreJob(), part("id > 3"), interval);
        sql("UPDATE RAW SET n = 1");

        harness.run(new ScoreJob(), part("id > 3"), interval);

        assertThat(harness.read("quarantine." + table))
                .extracting(row -> row.getAs("table_name") + " " + row.getAs("row_key"))
                .containsExactlyInAnyOrder("predictions." + table + " {\"id\":3}", "raw." + table + " null");
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKeyThatAnotherFileScoresGoesOverToIt(boolean isDaily) {
        write(fourRows());
        Optional<Interval> interval = isDaily ? Optional.of(days(1, 3)) : Optional.empty();
        harness.run(new ScoreJob(), part("id >= 2"), interval);
        sql("UPDATE RAW SET n = 1, b = NULL WHERE id = 2");
        sql("UPDATE RAW SET n = 1 WHERE id = 3");

        harness.run(new ScoreJob(), part("id <= 3"), interval);

        assertThat(scored()).containsExactly(1L, 3L);
        assertThat(quarantined()).containsExactly(key(2), key(4));
    }

    @Test
    @Tag("slow")
    void withAChangeFeedOnlyChangedRowsAreTriedAgain() {
        writeFed(fourRows());
        score("incremental: true\n");
        harness.append("raw." + table, rows("(5, 2, 4D, true)"), 1);

        ScoreResult second = score("incremental: true\n");

        assertThat(second.rowsIn()).hasValue(1);
        assertThat(quarantined()).containsExactly(key(3), key(4));
    }

    @Test
    @Tag("slow")
    void withoutAChangeFeedQuarantinedRowsAreCheckedAgain() {
        write(fourRows());
        score("incremental: true\n");
        sql("UPDATE RAW SET n = 9 WHERE id = 3");

        ScoreResult second = score("incremental: true\n");

        assertThat(second.rowsIn()).hasValue(2);
        assertThat(scored()).containsExactly(1L, 2L, 3L);
        assertThat(quarantined()).containsExactly(key(4));
    }

    /** Killed between the two commits: predictions stand, quarantine and the run's record do not. */
    @Test
    void theNextRunRepairsAKilledOne() throws IOException {
        theNextRunRepairsAKilledOne("incremental: true\n");
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {"", "write: replace\n"})
    void theNextRunRepairsAKilledOne(String more) throws IOException {
        writeFed(rows("(1, 1, 5D, true)"));
        score(more);
        harness.append("raw." + table, rows("(3, 1, NULL, true)"), 1);
        killed(score(more));
        harness.append("raw." + table, rows("(5, 2, 4D, true)"), 2);

        score(more);

        assertThat(scored()).containsExactly(1L, 5L);
        assertThat(quarantined()).containsExactly(key(3));
    }

    @Test
    @Tag("slow")
    void rowsThatChangeAfterAFirstRunWasKilledAreScored() throws IOException {
        writeFed(fourRows());
        killed(score("incremental: true\n"));
        sql("UPDATE RAW SET n = 100 WHERE id = 1");

        score("incremental: true\n");

        assertThat(harness.table("predictions." + table).where("id = 1").head().<Double>getAs("prediction"))
                .isEqualTo(101.0);
        assertThat(quarantined()).containsExactly(key(3), key(4));
    }

    private void killed(ScoreResult result) throws IOException {
        String run = harness.history(result.commit().table())
                .newest(1)
                .get(0)
                .millrace()
                .orElseThrow()
                .runId();
        Files.delete(harness.folder().resolve("lake/_runs/" + run + ".json"));
        Files.walkFileTree(harness.folder().resolve("lake/quarantine/" + table), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
