package dev.millrace.job.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.engine.split.Split;
import dev.millrace.engine.split.Splits;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which rows and labels a training has. */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainTruthTest {
    private static final String TRAIN =
            """
            table: raw.people
            label: income
            positive-class: ">50K"
            features: {numeric: [amount, count]}
            algorithm: random-forest
            params: {num-trees: 2, max-depth: 3}
            """;
    private static final Instant CUT = Instant.parse("2026-01-04T00:00:00Z");

    private JobHarness harness;
    private SparkSession spark;

    @BeforeAll
    void makeTables(SparkSession session, @TempDir Path folder) {
        spark = session;
        harness = new JobHarness(spark, folder);
        harness.write("raw.people", Rows.of(spark, 1200, 7));
        // 720 rows before the cut. A label arrives a day after its row; each tenth one four days after.
        harness.write(
                "raw.truth",
                harness.table("raw.people")
                        .selectExpr(
                                "id",
                                "income AS verdict",
                                "at + IF(id % 10 = 0, INTERVAL 4 DAYS, INTERVAL 1 DAY) AS told"));
    }

    @Test
    void trainingRowsHaveTheLabelsKnownAtTheCut() {
        String labels = "labels: {table: raw.truth, keys: [id], column: verdict, created-column: told}\n";
        String split = "split: {by: time, column: at, test-from: " + CUT + "%s}\n";
        long early = count("at < TIMESTAMP'2026-01-04' AND income IS NOT NULL AND told <= TIMESTAMP'2026-01-04'");
        long all = count("at < TIMESTAMP'2026-01-04' AND income IS NOT NULL");

        TrainResult cut = harness.run(new TrainJob(), TRAIN + labels + split.formatted(""));
        TrainResult whole = harness.run(new TrainJob(), TRAIN + labels + split.formatted(", label-cut: all"));

        assertThat(cut.trainRows()).isEqualTo(early).isLessThan(500);
        assertThat(whole.trainRows()).isEqualTo(all);
        assertThat(cut.testRows()).isEqualTo(whole.testRows());
        assertThat(harness.tracking().run(cut.runId()).metrics())
                .containsEntry("labels_after_cut", (double) (all - early));
        assertThat(harness.tracking().run(whole.runId()).metrics()).doesNotContainKey("labels_after_cut");
        assertThat(written(cut)).isEqualTo(Map.of("train", early, "test", cut.testRows()));
        assertThat(written(whole)).isEqualTo(Map.of("train", all, "test", whole.testRows()));
        assertThat(harness.table("training_sets.people_split").columns())
                .containsExactly("id", "split", "run_id", "split_owner");

        TrainResult again = harness.run(new TrainJob(), TRAIN + labels + split.formatted(""));

        assertThat(written(cut)).as("replaced by the same job file").isEmpty();
        assertThat(written(again)).isEqualTo(Map.of("train", early, "test", cut.testRows()));
        assertThat(written(whole)).isEqualTo(Map.of("train", all, "test", whole.testRows()));
    }

    private Map<String, Long> written(TrainResult result) {
        Map<String, Long> written = new TreeMap<>();
        harness.table("training_sets.people_split")
                .where("run_id = '" + result.runId() + "'")
                .groupBy("split")
                .count()
                .collectAsList()
                .forEach(row -> {
                    written.put(row.getString(0), row.getLong(1));
                });
        return written;
    }

    private long count(String condition) {
        return harness.table("raw.people")
                .join(harness.table("raw.truth"), "id")
                .where(condition)
                .count();
    }

    @Test
    void labelCutNeedsToKnowWhenLabelsArrived() {
        assertThatThrownBy(() ->
                        harness.run(new TrainJob(), TRAIN + "split: {by: time, column: at, label-cut: known-at-cut}\n"))
                .hasMessageContaining("`label-cut: known-at-cut` requires `labels`");
    }

    /** D12. */
    @Test
    void validationRowsOfASplitByTimeAreTheNewestAfterTheGap() {
        Split.ByTime time = new Split.ByTime(
                "at",
                Optional.empty(),
                Optional.of(CUT),
                Optional.empty(),
                Optional.of(Duration.ofHours(6)),
                0.2,
                Optional.empty(),
                Optional.empty());
        Dataset<Row> rows = harness.table("raw.people");

        Splits.Plan plan = new Splits("income", 42).plan(rows, new Split.Validation(time, 0.25));

        Map<String, Row> spans = new TreeMap<>();
        rows.select(plan.mark().as("mark"), rows.col("at"))
                .where("mark IS NOT NULL")
                .groupBy("mark")
                .agg(org.apache.spark.sql.functions.min("at"), org.apache.spark.sql.functions.max("at"))
                .collectAsList()
                .forEach(row -> spans.put(row.getString(0), row));
        Instant validationEnd = CUT.minus(Duration.ofHours(6));
        assertThat(spans.get("test").getInstant(1)).isEqualTo("2026-01-03T01:00:00Z");
        assertThat(spans.get("test").getInstant(2)).isBefore(validationEnd).isAfter("2026-01-03T17:00:00Z");
        assertThat(spans.get("train").getInstant(2))
                .isBefore("2026-01-02T19:00:00Z")
                .isAfter("2026-01-02T18:00:00Z");
        assertThat(plan.trainKnown()).hasValue(Instant.parse("2026-01-03T01:00:00Z"));
        assertThat(plan.testKnown()).hasValue(CUT);
    }

    @Test
    @Tag("slow")
    void anExpressionSplits() {
        TrainResult result = harness.run(
                new TrainJob(),
                TRAIN + "split: {by: expression, test: \"pmod(crc32(CAST(id AS STRING)), 100) >= 80\"}\n");

        assertThat(result.testRows())
                .isEqualTo(harness.table("raw.people")
                        .where("income IS NOT NULL AND pmod(crc32(CAST(id AS STRING)), 100) >= 80")
                        .count());
        assertRefused("id > 100 AND amount > 30", "`split.test` is NULL in ");
        assertRefused("rand() < 0.5", "uses rand()");
        assertRefused("at < current_timestamp()", "uses current_timestamp()");
        assertRefused("at < now() AND uuid() > 'a'", "uses now(), uuid()");
        assertRefused("id + 1", "is BIGINT, not BOOLEAN");
        assertRefused("idd > 1", "is not a condition on the table");
    }

    private void assertRefused(String test, String message) {
        assertThatThrownBy(
                        () -> harness.run(new TrainJob(), TRAIN + "split: {by: expression, test: \"" + test + "\"}\n"))
                .hasMessageContaining(message);
    }

    /** D23: seven times before. */
    @Test
    void theTableIsReadFiveTimes() throws TimeoutException {
        AtomicLong read = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                long rows = end.taskMetrics().inputMetrics().recordsRead();
                // A cached partition counts as input too, and gives rows of the fit by the hundred.
                if (end.taskMetrics().inputMetrics().bytesRead() > 0 && rows >= 600) read.addAndGet(rows);
            }
        };
        spark.sparkContext().addSparkListener(listener);
        try {
            harness.run(new TrainJob(), TRAIN + "split: {by: column}\n");
            spark.sparkContext().listenerBus().waitUntilEmpty();
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }

        assertThat(read.get()).isBetween(4L * 1200, 5L * 1200);
    }

    @Test
    void largeWholeNumbersAreNoCategories() {
        harness.write(
                "raw.large", harness.table("raw.people").selectExpr("*", "9007199254740992 + id % 2 AS merchant"));

        assertThatThrownBy(() -> harness.run(
                        new TrainJob(),
                        TRAIN.replace("raw.people", "raw.large")
                                        .replace("{numeric: [amount, count]}", "{categorical: [merchant]}")
                                + "split: {by: column}\n"))
                .hasMessageContaining("`merchant` has integers beyond 2^53")
                .hasMessageContaining("cast the column to STRING");
    }

    @Test
    void aFlagWithoutNullIsABooleanForTheModelsClients() {
        harness.write("raw.flags", harness.table("raw.people").selectExpr("*", "id % 3 = 0 AS third"));

        TrainResult result = harness.run(
                new TrainJob(),
                TRAIN.replace("raw.people", "raw.flags").replace("[amount, count]", "[amount, third]")
                        + "split: {by: column}\n");

        var model = dev.millrace.engine.model.ModelDirectory.open(
                harness.tracking().artifacts(result.runId()).resolve("model"));
        assertThat(model.info().inputs())
                .containsExactly(
                        new dev.millrace.engine.model.ModelInfo.Input("amount", "double", false),
                        new dev.millrace.engine.model.ModelInfo.Input("third", "boolean", true));
    }
}
