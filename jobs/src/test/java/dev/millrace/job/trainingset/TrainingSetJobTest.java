package dev.millrace.job.trainingset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.JobHarness;
import dev.millrace.job.features.FeaturesJob;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingSetJobTest {
    private static final String SET =
            """
            spine: raw.payments
            key: id
            time-column: at
            label: {table: raw.labels, column: is_fraud, created-column: arrives_at%s}
            features: %s
            output: %s
            """;

    private JobHarness harness;

    /** Payments at noon of 1 to 6 January, of two people in turn; a label a day later, but for the last. */
    @BeforeAll
    void write(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        Dataset<Row> payments = spark.range(6)
                .selectExpr(
                        "id",
                        "CAST(id % 2 AS INT) AS who",
                        "TIMESTAMP '2026-01-01 12:00:00' + make_dt_interval(CAST(id AS INT)) AS at",
                        "CAST(10 + id AS DOUBLE) AS amount");
        harness.write("raw.payments", payments);
        harness.write(
                "raw.labels",
                payments.where("id < 5")
                        .selectExpr("id", "CAST(id = 3 AS INT) AS is_fraud", "at + INTERVAL 1 DAY AS arrives_at"));
        harness.write(
                "features.score",
                spark.sql(
                        """
                        SELECT * FROM VALUES (0, TIMESTAMP '2026-01-02 00:00:00', 1.0D), (0, TIMESTAMP '2026-01-03 12:00:00', 2.0D),
                          (0, TIMESTAMP '2026-01-05 12:00:01', 3.0D), (1, TIMESTAMP '2026-01-09 00:00:00', 9.0D)
                          AS scores(who, as_of, score)
                        """));
        harness.run(
                new FeaturesJob(),
                """
                source: raw.payments
                entity: who
                time-column: at
                key: id
                output: features.by_payment
                windows: 30d
                features:
                  - {name: n, aggregate: count}
                  - {name: mean, aggregate: mean, column: amount}
                """);
    }

    private List<Row> rows(String table) {
        return harness.table(table).orderBy("id").collectAsList();
    }

    @Test
    void theNewestRowThatWasThereIsJoinedAndTheFutureIsNot() {
        harness.run(
                new TrainingSetJob(),
                SET.formatted("", "[{table: features.score, entity: who, time-column: as_of}]", "training_sets.as_of"));

        List<Row> rows = rows("training_sets.as_of");
        assertThat(rows.get(0).schema().fieldNames()).containsExactly("id", "who", "at", "amount", "is_fraud", "score");
        assertThat(rows).extracting(row -> row.<Long>getAs("id")).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(rows).extracting(row -> row.<Double>getAs("score")).containsExactly(null, null, 2.0, null, 2.0);
        assertThat(rows).extracting(row -> row.<Integer>getAs("is_fraud")).containsExactly(0, 0, 0, 1, 0);
    }

    @Test
    @Tag("slow")
    void aLagAndAnAgeLimitWhatCanBeUsed() {
        harness.run(
                new TrainingSetJob(),
                SET.formatted(
                        "",
                        "[{table: features.score, entity: who, time-column: as_of, lag: 1h, max-age: 1d}]",
                        "training_sets.limited"));

        // On 3 January the newest usable row is of 2 January, 36 hours old; on the 5th it is two days old.
        assertThat(rows("training_sets.limited"))
                .extracting(row -> row.<Double>getAs("score"))
                .containsExactly(null, null, null, null, null);
    }

    @Test
    void computedAtTheMomentEqualsTheTableByEvent() {
        String exact =
                """
                windows:
                  - source: raw.payments
                    entity: who
                    time-column: at
                    key: id
                    windows: 30d
                    features: [{name: n_now, aggregate: count}, {name: mean_now, aggregate: mean, column: amount}]
                expressions: {ratio: amount / mean, same: n = n_now AND mean <=> mean_now}
                """;

        harness.run(new TrainingSetJob(), SET.formatted("", "features.by_payment", "training_sets.exact") + exact);

        assertThat(rows("training_sets.exact"))
                .allSatisfy(row -> assertThat(row.<Boolean>getAs("same")).isTrue())
                .extracting(row -> row.<Long>getAs("n_now"))
                .containsExactly(0L, 0L, 1L, 1L, 2L);
    }

    @Test
    void onlyLabelsKnownByThenAreTakenAndTheSplitHasItsGap() {
        String split =
                "split: {by: time, train-from: 2026-01-02, test-from: 2026-01-04, test-to: 2026-01-05, gap: 1d}\n";

        harness.run(
                new TrainingSetJob(),
                SET.formatted(", as-of: 2026-01-05T12:00:00Z", "[]", "training_sets.known") + split);

        assertThat(rows("training_sets.known"))
                .extracting(row -> row.<String>getAs("split"))
                .containsExactly("before", "train", "gap", "test");
    }

    @Test
    void twoTablesWithTheSameColumnAreRefused() {
        assertThatThrownBy(() -> harness.run(
                        new TrainingSetJob(),
                        SET.formatted("", "[features.by_payment, features.by_payment]", "training_sets.twice")))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.SCHEMA_MISMATCH))
                .hasMessageContaining("`features.by_payment@0` has `n`, `mean`, which the training set already has");
    }

    @Test
    void aTableWithoutCatalogMustBeExplained() {
        assertThatThrownBy(() ->
                        harness.run(new TrainingSetJob(), SET.formatted("", "features.score", "training_sets.none")))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.CONFIG))
                .hasMessageContaining("Set `features: [{table: features.score, entity: …}]`");
    }
}
