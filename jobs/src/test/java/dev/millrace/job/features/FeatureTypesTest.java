package dev.millrace.job.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.engine.feature.AsOfRows;
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
import dev.millrace.platform.spark.SharedSpark;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Values come back as they were, ties do not follow the order of rows, and a hot entity needs bounded memory. */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeatureTypesTest {
    private JobHarness harness;

    @BeforeAll
    void open(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
    }

    private void run(String source, String output, String rest) {
        harness.run(
                new FeaturesJob(),
                "source: %s\nentity: who\ntime-column: at\noutput: %s\n%s".formatted(source, output, rest));
    }

    @Test
    void lastMinAndMaxKeepTheTypeOfTheirColumn(SparkSession spark) {
        harness.write(
                "raw.typed",
                spark.sql(
                        """
                        SELECT 1 AS who, TIMESTAMP '2026-01-01' + make_dt_interval(id) AS at, id,
                          element_at(array(NULL, 'b', 'ä'), id) AS text, 9007199254740990L + 3 * id AS big,
                          CAST(99999999999999999999999999999999999990 + id AS DECIMAL(38,0)) AS huge,
                          CAST(id + 0.10 AS DECIMAL(10,2)) AS price, TIMESTAMP '1900-01-01 00:00:00.000001' AS moment,
                          DATE '0001-01-01' AS day, id = 1 AS flag, CAST(0.1 * id AS FLOAT) AS small, X'00FF' AS bytes
                        FROM VALUES (1), (2), (3) AS t(id)
                        """));

        run(
                "raw.typed",
                "features.typed",
                """
                windows: 24h
                boundary: inclusive
                default: 0
                features:
                  - {name: text, aggregate: last, column: text}
                  - {name: "big_{window}", aggregate: last, column: big}
                  - {name: huge, aggregate: max, column: huge, windows: 30d}
                  - {name: price, aggregate: min, column: price, windows: 30d}
                  - {name: moment, aggregate: min, column: moment}
                  - {name: day, aggregate: max, column: day}
                  - {name: flag, aggregate: max, column: flag, windows: [30d]}
                  - {name: small, aggregate: last, column: small}
                  - {name: bytes, aggregate: max, column: bytes}
                  - {name: kinds, aggregate: count-distinct, column: huge, windows: 30d}
                """);

        Dataset<Row> table = harness.table("features.typed");
        assertThat(table.schema().simpleString())
                .contains("text:string,big_24h:bigint,huge:decimal(38,0),price:decimal(10,2),moment:timestamp,day:date,"
                        + "flag:boolean,small:float,bytes:binary,kinds:bigint");
        List<Row> rows = table.orderBy("at").collectAsList();
        assertThat(rows).extracting(row -> row.<String>getAs("text")).containsExactly(null, "b", "ä");
        assertThat(rows)
                .extracting(row -> row.<Long>getAs("big_24h"))
                .containsExactly(9007199254740993L, 9007199254740996L, 9007199254740999L);
        assertThat(rows)
                .extracting(row -> row.<BigDecimal>getAs("huge").toBigInteger().toString())
                .containsExactly(
                        "99999999999999999999999999999999999991",
                        "99999999999999999999999999999999999992",
                        "99999999999999999999999999999999999993");
        Row last = rows.get(2);
        assertThat(last.<BigDecimal>getAs("price")).isEqualTo(new BigDecimal("1.10"));
        assertThat(last.<Instant>getAs("moment")).isEqualTo(Instant.parse("1900-01-01T00:00:00.000001Z"));
        assertThat(last.<LocalDate>getAs("day")).isEqualTo(LocalDate.of(1, 1, 1));
        assertThat(last.<Boolean>getAs("flag")).isTrue();
        assertThat(last.<Float>getAs("small")).isEqualTo(0.3f);
        assertThat(last.<byte[]>getAs("bytes")).containsExactly(0, 255);
        assertThat(last.<Long>getAs("kinds")).isEqualTo(3);
    }

    @Test
    void aDefaultThatIsNoValueOfTheTypeIsRefused(SparkSession spark) {
        harness.write("raw.texts", spark.sql("SELECT 1 AS who, TIMESTAMP '2026-01-01' AS at, 'a' AS text"));

        assertThatThrownBy(() -> run(
                        "raw.texts",
                        "features.none",
                        "windows: 1d\nfeatures: [{name: t, aggregate: last, column: text, default: 0}]\n"))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.CONFIG))
                .hasMessageContaining("`default` (0.0) of feature `t` is not a valid value of its type STRING");
    }

    @Test
    void tiesDoNotFollowTheOrderOfTheRows(SparkSession spark) {
        Dataset<Row> events = spark.range(200)
                .selectExpr(
                        "CAST(id % 3 AS INT) AS who",
                        "timestamp_seconds(86400 * (id % 4)) AS at",
                        "pmod(xxhash64(id), 1000) AS amount",
                        "concat('c', pmod(xxhash64(id, 1), 50)) AS city");
        String last =
                """
                windows: 30d
                boundary: %s
                features:
                  - {name: amount, aggregate: last, column: amount}
                  - {name: city, aggregate: last, column: city}
                """;
        harness.write("raw.ascending", events.repartition(1).sortWithinPartitions("amount"));
        harness.write("raw.descending", events.repartition(5).sortWithinPartitions(functions.desc("amount")));

        for (String boundary : List.of("inclusive", "exclusive")) {
            run("raw.ascending", "features.ascending", last.formatted(boundary));
            run("raw.descending", "features.descending", last.formatted(boundary));
            assertSame(harness.table("features.ascending"), harness.table("features.descending"));
        }
        Dataset<Row> spine = events.selectExpr("who", "at", "amount AS own").distinct();
        AsOfRows join = new AsOfRows(List.of("who"), List.of(), List.of("amount", "city"), 0, Long.MAX_VALUE);
        assertSame(
                join.join(spine, "at", harness.table("raw.ascending"), "at"),
                join.join(spine, "at", harness.table("raw.descending"), "at"));
    }

    private static void assertSame(Dataset<Row> one, Dataset<Row> other) {
        assertThat(one.exceptAll(other).takeAsList(3)).isEmpty();
        assertThat(other.exceptAll(one).takeAsList(3)).isEmpty();
    }

    @Test
    void aDayOfAHotEntityIsNotHeldInMemory(SparkSession spark) {
        Dataset<Row> events = spark.range(24_000)
                .selectExpr(
                        "id",
                        "IF(id % 2 = 0, 0, CAST(id % 97 AS INT)) AS who",
                        "date_add(DATE '2026-01-01', CAST(id % 4 AS INT)) AS at",
                        "CAST(pmod(xxhash64(id), 1000) AS INT) AS amount",
                        "sha2(CAST(id AS STRING), 256) AS note");
        WindowPlan plan = WindowPlan.of(
                List.of(
                        declared("n", Aggregate.COUNT, null),
                        declared("mean", Aggregate.MEAN, "amount"),
                        declared("newest", Aggregate.LAST, "note")),
                new WindowDefaults(
                        List.of(WindowLength.parse("3d")),
                        Boundary.INCLUSIVE,
                        Duration.ZERO,
                        Optional.empty(),
                        Optional.empty()),
                events,
                LateFacts.NONE,
                "events");
        Dataset<Row> bounded = new WindowedRows(List.of("who"), plan, 1 << 16)
                .atEvents(events, "at", List.of("id"), List.of("id"), WindowedRows.Range.ALL);

        events.createOrReplaceTempView("hot");
        bounded.createOrReplaceTempView("bounded");
        Dataset<Row> wrong = spark.sql(
                """
                WITH days AS (SELECT who, at, count(*) AS n, sum(amount) AS s, max_by(note, id) AS note FROM hot GROUP BY ALL),
                windows AS (SELECT d.who, d.at, sum(e.n) AS n, sum(e.s) / sum(e.n) AS mean, max_by(e.note, e.at) AS newest
                  FROM days d JOIN days e ON d.who = e.who AND e.at <= d.at AND e.at > d.at - INTERVAL 3 DAYS GROUP BY d.who, d.at)
                SELECT * FROM bounded b LEFT JOIN windows w ON b.who = w.who AND CAST(b.at AS DATE) = w.at
                WHERE NOT (b.n <=> w.n) OR abs(b.mean - w.mean) > 1e-9 OR NOT (b.newest <=> w.newest)
                """);
        assertThat(wrong.takeAsList(3)).isEmpty();
        assertThat(bounded.count()).isEqualTo(24_000);
    }

    private static FeatureDeclaration declared(String name, Aggregate aggregate, String column) {
        return new FeatureDeclaration(
                name,
                aggregate,
                Optional.ofNullable(column),
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
    void monthsAreWindowsAndSteps(SparkSession spark) {
        harness.write(
                "raw.months",
                spark.sql("SELECT 1 AS who, explode(sequence(DATE '2026-01-15', DATE '2026-04-15')) AS at"));

        run(
                "raw.months",
                "features.months",
                "grain: month\nwindows: [month, 28d]\nfeatures: [{name: n, aggregate: count}]\n");

        List<Row> rows = harness.table("features.months").orderBy("at").collectAsList();
        assertThat(rows)
                .extracting(row -> row.<Instant>getAs("at").toString().substring(0, 10))
                .containsExactly("2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01");
        assertThat(rows).extracting(row -> row.<Long>getAs("n_month")).containsExactly(17L, 28L, 31L, 15L);
        assertThat(rows).extracting(row -> row.<Long>getAs("n_28d")).containsExactly(17L, 28L, 28L, 13L);
    }
}
