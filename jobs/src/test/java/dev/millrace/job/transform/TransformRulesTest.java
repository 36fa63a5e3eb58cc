package dev.millrace.job.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.JobHarness;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** What the severity of a rule decides. */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransformRulesTest {
    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final String POSITIVE = "{name: positive, column: amount, where: amount > 0, severity: quarantine}";
    private static final String SMALL = "{name: small, where: amount < 4, severity: warn}";

    private JobHarness harness;
    private SparkSession spark;
    private String table;

    @BeforeAll
    void begin(SparkSession session, @TempDir Path folder) {
        spark = session;
        harness = new JobHarness(session, folder);
    }

    @BeforeEach
    void nameTables() {
        table = "t" + TABLES.incrementAndGet();
    }

    /** Amounts are -1 to 5; each row is of its own day, from 2026-01-01 on. */
    private Dataset<Row> rows(long from, long until) {
        return spark.range(from, until)
                .selectExpr(
                        "id", "TIMESTAMP '2026-01-01' + make_dt_interval(CAST(id AS INT)) AS at", "id - 1 AS amount");
    }

    private TransformResult transform(String rules, String more, Optional<Interval> interval) {
        String yaml =
                "inputs: {rows: raw.%s}\nsql: SELECT * FROM rows\noutput: clean.%s\ntime-column: at\nrules: [%s]\n%s"
                        .formatted(table, table, rules, more);
        return harness.run(new TransformJob(), yaml, interval);
    }

    private TransformResult transform(String... rules) {
        return transform(String.join(", ", rules), "", Optional.empty());
    }

    private List<Long> written() {
        return harness.table("clean." + table).select("id").orderBy("id").collectAsList().stream()
                .map(row -> row.getLong(0))
                .toList();
    }

    private List<String> quarantined() {
        if (!harness.exists("quarantine." + table)) return List.of();
        return harness.table("quarantine." + table).select("record").collectAsList().stream()
                .map(row -> row.getString(0).replaceAll(".*\"amount\":(-?[0-9]+).*", "$1"))
                .sorted()
                .toList();
    }

    private List<String> results() {
        return harness
                .table("quality.results")
                .where("table_name = 'clean." + table + "'")
                .orderBy("table_version", "rule")
                .collectAsList()
                .stream()
                .map(row -> row.getAs("table_version") + " " + row.getAs("rule") + " " + row.getAs("severity") + " "
                        + row.getAs("failed_rows") + " " + row.getAs("passed"))
                .toList();
    }

    private void update(String sql) {
        spark.sql(sql.replace("RAW", "delta.`" + harness.folder().resolve("lake/raw/" + table) + "`"));
    }

    @Test
    void eachSeverityDoesWhatItSays() {
        harness.write("raw." + table, rows(0, 7));

        TransformResult result = transform(POSITIVE, SMALL, "{where: id < 9}");

        assertThat(written()).containsExactly(2L, 3L, 4L, 5L, 6L);
        assertThat(harness.read("quarantine." + table))
                .extracting(row -> row.getAs("record") + " | " + row.getAs("reason") + " | " + row.getAs("rule") + " | "
                        + row.getAs("column_name") + " | " + row.getAs("event_time") + " | " + row.getAs("table_name"))
                .containsExactlyInAnyOrder(
                        "{\"id\":0,\"at\":\"2026-01-01T00:00:00.000Z\",\"amount\":-1} | `positive` does not hold |"
                                + " positive | amount | 2026-01-01T00:00:00Z | clean." + table,
                        "{\"id\":1,\"at\":\"2026-01-02T00:00:00.000Z\",\"amount\":0} | `positive` does not hold |"
                                + " positive | amount | 2026-01-02T00:00:00Z | clean." + table);
        assertThat(results())
                .containsExactly("0 id < 9 fail 0 true", "0 positive quarantine 2 false", "0 small warn 2 false");
        assertThat(result.rowsOut()).hasValue(5);
        assertThat(result.details()).containsEntry("quarantined", 2L);
        assertThat(result.produced()).contains("clean." + table + "@0", "quarantine." + table + "@0");
    }

    @Test
    void aRowForQuarantineDoesNotBreakTheOtherRules() {
        harness.write("raw." + table, rows(0, 3));

        transform(POSITIVE, "{where: amount >= 1}");

        assertThat(written()).containsExactly(2L);
    }

    @Test
    void aFailureLeavesTableQuarantineAndResultsAsTheyWere() {
        harness.write("raw." + table, rows(0, 7));

        assertThatThrownBy(() -> transform(POSITIVE, "{name: few, where: id < 6}"))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.QUALITY_GATE))
                .hasMessageContaining("`few` does not hold in 1 rows");

        assertThat(harness.exists("clean." + table)).isFalse();
        assertThat(harness.exists("quarantine." + table)).isFalse();
    }

    @Test
    @Tag("slow")
    void aRowThatBreaksSeveralRulesIsQuarantinedOnceWithAllOfThem() {
        harness.write("raw." + table, rows(0, 2));

        transform(POSITIVE, "{name: late, column: id, where: id > 0, severity: quarantine}");

        assertThat(harness.read("quarantine." + table))
                .extracting(row -> row.getAs("rule") + " | " + row.getAs("column_name"))
                .containsExactlyInAnyOrder("positive, late | amount, id", "positive | amount");
    }

    @Test
    @Tag("slow")
    void transformingTwiceGivesWhatOnceGivesAndARepairedRowLeavesTheQuarantine() {
        harness.write("raw." + table, rows(0, 3));
        transform(POSITIVE);
        transform(POSITIVE);
        assertThat(quarantined()).containsExactly("-1", "0");
        update("UPDATE RAW SET amount = 7 WHERE id = 0");

        transform(POSITIVE);

        assertThat(written()).containsExactly(0L, 2L);
        assertThat(quarantined()).containsExactly("0");
        update("UPDATE RAW SET amount = 7");
        transform(POSITIVE);
        assertThat(quarantined()).isEmpty();
    }

    @Test
    @Tag("slow")
    void anIntervalReplacesTheQuarantineOfItsTimeAlone() {
        harness.write("raw." + table, rows(0, 3));
        Interval first = new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-02T00:00:00Z"));
        Interval second = new Interval(first.end(), Instant.parse("2026-01-04T00:00:00Z"));
        transform(POSITIVE, "", Optional.of(first));
        transform(POSITIVE, "", Optional.of(second));
        update("UPDATE RAW SET amount = 7");

        transform(POSITIVE, "", Optional.of(first));

        assertThat(quarantined()).containsExactly("0");
    }

    @Test
    void appendedRowsAddTheirs() {
        writeFed();
        transform(POSITIVE, "changes-of: rows\n", Optional.empty());
        harness.append("raw." + table, spark.sql("SELECT 9L AS id, TIMESTAMP '2026-01-09' AS at, -5L AS amount"), 1);

        TransformResult second = transform(POSITIVE, "changes-of: rows\n", Optional.empty());

        assertThat(second.how()).isEqualTo("changes");
        assertThat(second.quarantined()).isEqualTo(1);
        assertThat(quarantined()).containsExactly("-1", "-5", "0");
    }

    /** Killed between the table and its quarantine: the next run, which finds more rows, writes the whole. */
    @Test
    @Tag("slow")
    void theNextRunRepairsAKilledOne() throws IOException {
        writeFed();
        transform(POSITIVE, "changes-of: rows\n", Optional.empty());
        harness.append("raw." + table, spark.sql("SELECT 9L AS id, TIMESTAMP '2026-01-09' AS at, -5L AS amount"), 1);
        TransformResult killed = transform(POSITIVE, "changes-of: rows\n", Optional.empty());
        String run = harness.history(killed.commit().table())
                .newest(1)
                .get(0)
                .millrace()
                .orElseThrow()
                .runId();
        Files.delete(harness.folder().resolve("lake/_runs/" + run + ".json"));
        spark.sql("DELETE FROM delta.`" + harness.folder().resolve("lake/quarantine/" + table) + "` WHERE run_id = '"
                + run + "'");
        harness.append("raw." + table, spark.sql("SELECT 10L AS id, TIMESTAMP '2026-01-10' AS at, -6L AS amount"), 2);

        transform(POSITIVE, "changes-of: rows\n", Optional.empty());

        assertThat(written()).containsExactly(2L);
        assertThat(quarantined()).containsExactly("-1", "-5", "-6", "0");
    }

    private void writeFed() {
        harness.write("raw." + table, rows(0, 3));
        update("ALTER TABLE RAW SET TBLPROPERTIES (delta.enableChangeDataFeed = true)");
    }
}
