package dev.millrace.job.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.engine.feature.FeatureDeclaration;
import dev.millrace.engine.feature.LateFacts;
import dev.millrace.engine.feature.WindowDefaults;
import dev.millrace.engine.feature.WindowLength;
import dev.millrace.engine.feature.WindowPlan;
import dev.millrace.engine.feature.WindowedRows;
import dev.millrace.engine.window.Aggregate;
import dev.millrace.engine.window.Boundary;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.spark.Plans;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
class FeaturesJobTest {
    private static final String FEATURES =
            """
            source: raw.events
            entity: who
            time-column: at
            key: id
            created-column: known_at
            output: %s
            grain: %s
            windows: [6h, 2d]
            features:
              - {name: "n_{window}", aggregate: count}
              - {name: "mean_{window}", aggregate: mean, column: amount}
              - {name: most, aggregate: max, column: amount, windows: 2d, boundary: inclusive}
              - {name: big, aggregate: count, where: amount > 50, windows: 2d, delay: 12h}
              - {name: kinds, aggregate: count-distinct, column: kind, windows: 2d}
            """;

    private JobHarness harness;

    /** Half of the events are of one entity; every tenth is known half a day late; some amounts are missing. */
    private static Dataset<Row> events(SparkSession spark, int rows) {
        return spark.range(rows)
                .selectExpr(
                        "id",
                        "IF(id % 2 = 0, 0, CAST(pmod(xxhash64(id), 7) AS INT)) AS who",
                        "timestamp_seconds(1767225600 + pmod(xxhash64(id, 1), 432) * 1000) AS at",
                        "IF(id % 13 = 0, NULL, pmod(xxhash64(id, 2), 10000) / 100D) AS amount",
                        "concat('k', CAST(id % 3 AS STRING)) AS kind")
                .selectExpr("*", "IF(id % 10 = 3, at + INTERVAL 12 HOURS, at) AS known_at");
    }

    @BeforeAll
    void write(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        harness.write("raw.events", events(spark, 600));
    }

    @Test
    void featuresAtEventsEqualASelfJoin(SparkSession spark) {
        harness.run(new FeaturesJob(), FEATURES.formatted("features.by_event", "event"));

        harness.table("raw.events").createOrReplaceTempView("events");
        harness.table("features.by_event").createOrReplaceTempView("features");
        Dataset<Row> expected = spark.sql(
                """
                SELECT q.id, count_if(e.at >= q.at - INTERVAL 6 HOURS AND e.known_at < q.at AND e.at < q.at) AS n_6h,
                  count_if(e.at >= q.at - INTERVAL 2 DAYS AND e.known_at < q.at AND e.at < q.at) AS n_2d,
                  avg(IF(e.at >= q.at - INTERVAL 6 HOURS AND e.known_at < q.at AND e.at < q.at, e.amount, NULL)) AS mean_6h,
                  max(IF(e.at > q.at - INTERVAL 2 DAYS AND e.known_at <= q.at AND e.at <= q.at, e.amount, NULL)) AS most,
                  count_if(e.at >= q.at - INTERVAL 60 HOURS AND e.known_at < q.at AND e.at < q.at - INTERVAL 12 HOURS
                    AND e.amount > 50) AS big,
                  count(DISTINCT IF(e.at >= q.at - INTERVAL 2 DAYS AND e.known_at < q.at AND e.at < q.at, e.kind, NULL))
                    AS kinds
                FROM events q JOIN events e ON e.who = q.who GROUP BY q.id
                """);
        expected.createOrReplaceTempView("expected");
        Dataset<Row> wrong = spark.sql(
                """
                SELECT * FROM expected e JOIN features f ON e.id = f.id WHERE e.n_6h <> f.n_6h OR e.n_2d <> f.n_2d
                  OR NOT (e.most <=> f.most) OR e.big <> f.big OR e.kinds <> f.kinds
                  OR (e.mean_6h IS NULL) <> (f.mean_6h IS NULL) OR abs(e.mean_6h - f.mean_6h) > 1e-12 * e.mean_6h
                """);

        assertThat(harness.table("features.by_event").count()).isEqualTo(600);
        assertThat(wrong.takeAsList(3)).isEmpty();
    }

    @Test
    void oneShuffleServesAllWindowsAndAggregates(SparkSession spark) {
        Dataset<Row> events = events(spark, 100);
        WindowPlan plan = WindowPlan.of(
                List.of(count("n"), count("m")),
                new WindowDefaults(
                        List.of(WindowLength.parse("1d"), WindowLength.parse("7d")),
                        Boundary.EXCLUSIVE,
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty()),
                events,
                LateFacts.NONE,
                "events");

        Dataset<Row> features = new WindowedRows(List.of("who"), plan)
                .atEvents(events, "at", List.of(), List.of(), WindowedRows.Range.ALL);

        assertThat(Plans.count(features, "Exchange")).isEqualTo(1);
        assertThat(Plans.count(features, "Sort")).isEqualTo(1);
        assertThat(features.columns()).containsExactly("who", "at", "n_1d", "n_7d", "m_1d", "m_7d");
    }

    private static FeatureDeclaration count(String name) {
        return new FeatureDeclaration(
                name,
                Aggregate.COUNT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    @Tag("slow")
    void aDailyTableIsAsOfMidnightAndDaysMadeOneByOneAreTheSame(SparkSession spark) {
        harness.run(new FeaturesJob(), FEATURES.formatted("features.whole", "1d"));
        harness.run(new FeaturesJob(), FEATURES.formatted("features.daily", "1d"), Optional.of(days(1, 4)));
        harness.run(new FeaturesJob(), FEATURES.formatted("features.daily", "1d"), Optional.of(days(4, 7)));

        Dataset<Row> whole = harness.table("features.whole");
        Dataset<Row> daily = harness.table("features.daily");
        assertThat(whole.exceptAll(daily).takeAsList(3)).isEmpty();
        assertThat(daily.exceptAll(whole).takeAsList(3)).isEmpty();
        harness.table("raw.events").createOrReplaceTempView("events");
        whole.createOrReplaceTempView("whole");
        assertThat(spark.sql(
                                """
                                SELECT * FROM (SELECT w.who, w.at, w.n_2d, count_if(e.at >= w.at - INTERVAL 2 DAYS
                                  AND e.at < w.at AND e.known_at < w.at) AS n FROM whole w JOIN events e
                                  ON e.who = w.who GROUP BY ALL) WHERE n <> n_2d
                                """)
                        .takeAsList(3))
                .isEmpty();
        assertThat(whole.where("hour(at) <> 0").count()).isZero();
        assertThat(whole.where("who = 0").count()).isEqualTo(6); // the first event is at midnight
    }

    private static Interval days(int first, int end) {
        return new Interval(
                Instant.parse("2026-01-0" + first + "T00:00:00Z"), Instant.parse("2026-01-0" + end + "T00:00:00Z"));
    }

    @Test
    void aLabelCountsOnceItHasArrived(SparkSession spark) {
        harness.write(
                "raw.payments",
                spark.sql(
                        """
                        SELECT id, 'shop' AS shop, TIMESTAMP '2026-01-01 00:00:00' + make_dt_interval(CAST(id AS INT)) AS at
                        FROM range(6)
                        """));
        harness.write(
                "raw.fraud",
                spark.sql(
                        """
                        SELECT * FROM VALUES (0L, 1, TIMESTAMP '2026-01-03 12:00:00'), (1L, 0, TIMESTAMP '2026-01-02 12:00:00'),
                          (1L, 1, TIMESTAMP '2026-01-04 12:00:00') AS labels(id, is_fraud, arrives_at)
                        """));

        harness.run(
                new FeaturesJob(),
                """
                source: raw.payments
                labels: {table: raw.fraud, key: id, columns: is_fraud, created-column: arrives_at}
                entity: shop
                time-column: at
                key: id
                output: features.shop
                windows: 30d
                features:
                  - {name: n, aggregate: count}
                  - {name: frauds, aggregate: sum, column: is_fraud, default: 0}
                  - {name: risk, aggregate: mean, column: is_fraud}
                expressions: {n_plus: n + id}
                """);

        List<Row> rows = harness.table("features.shop").orderBy("id").collectAsList();
        assertThat(rows).extracting(row -> row.<Long>getAs("n")).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(rows).extracting(row -> row.<Double>getAs("frauds")).containsExactly(0.0, 0.0, 0.0, 1.0, 2.0, 2.0);
        assertThat(rows).extracting(row -> row.<Double>getAs("risk")).containsExactly(null, null, 0.0, 0.5, 1.0, 1.0);
        assertThat(rows).extracting(row -> row.<Long>getAs("n_plus")).containsExactly(0L, 2L, 4L, 6L, 8L, 10L);
    }

    @Test // the field case: c at noon of 10 January knows a as 0, although it is corrected on the 15th
    void aCorrectionDoesNotHideWhatWasKnownBeforeIt(SparkSession spark) {
        harness.write(
                "raw.corrected",
                spark.sql(
                        """
                        SELECT id, TIMESTAMP '2024-01-01' + make_dt_interval(day - 1) AS at, 'm' AS merchant
                        FROM VALUES ('a', 1), ('b', 2), ('c', 10), ('d', 20) AS events(id, day)
                        """));
        harness.write(
                "raw.corrections",
                spark.sql(
                        """
                        SELECT id, is_fraud, TIMESTAMP '2024-01-01' + make_dt_interval(day - 1) AS arrives_at FROM VALUES
                          ('a', 0, 5), ('a', 1, 15), ('b', 1, 5), ('c', 0, 12), ('d', 0, 21) AS labels(id, is_fraud, day)
                        """));

        harness.run(
                new FeaturesJob(),
                """
                source: raw.corrected
                labels: {table: raw.corrections, key: id, columns: is_fraud, created-column: arrives_at}
                entity: merchant
                time-column: at
                key: id
                output: features.corrected
                windows: 30d
                features:
                  - {name: known, aggregate: count, column: is_fraud}
                  - {name: risk, aggregate: mean, column: is_fraud}
                """);

        List<Row> rows = harness.table("features.corrected").orderBy("id").collectAsList();
        assertThat(rows).extracting(row -> row.<Long>getAs("known")).containsExactly(0L, 0L, 2L, 3L);
        assertThat(rows).extracting(row -> row.<Double>getAs("risk")).containsExactly(null, null, 0.5, 2 / 3.0);
    }

    @Test
    void theTableSaysWhatItsColumnsAre() {
        harness.run(
                new FeaturesJob(),
                FEATURES.formatted("features.described", "1d") + "owner: team\ndescription: Events\ntags: [a, b]\n");

        var schema = harness.table("features.described").schema();
        assertThat(schema.apply("who").metadata().getString("millrace"))
                .isEqualTo("{\"role\":\"entity\",\"source\":\"raw.events\",\"owner\":\"team\",\"tags\":[\"a\",\"b\"]}");
        assertThat(schema.apply("big").metadata().getString("comment"))
                .isEqualTo("count of events where amount > 50 in the 2d before, known 12h later, known at known_at");
    }

    @Test
    void aFeatureThatCannotBeIsNamedWithItsReason() {
        assertThatThrownBy(() -> harness.run(
                        new FeaturesJob(),
                        FEATURES.formatted("features.none", "1d")
                                .replace("mean, column: amount", "mean, column: kind")))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.SCHEMA_MISMATCH))
                .hasMessageContaining(
                        "Feature `mean_{window}` requires a number, but `kind` of Table `raw.events` version 0 is STRING");
        assertThatThrownBy(() -> harness.run(
                        new FeaturesJob(),
                        FEATURES.formatted("features.none", "1d").replace("amount > 50", "amont > 50")))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.CONFIG))
                .hasMessageContaining("Feature `big`: `amont > 50` is not a valid SQL expression");
    }
}
