package dev.millrace.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.CopyJob;
import dev.millrace.job.RunnerHarness;
import dev.millrace.platform.spark.SharedSpark;
import dev.millrace.platform.table.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TablesReportTest {
    private RunnerHarness harness;
    private String run;

    @BeforeAll
    void write(SparkSession spark, @TempDir Path folder) throws Exception {
        harness = new RunnerHarness(spark, folder, Optional.empty());
        for (int day = 0; day < 2; day++) {
            spark.range(day * 10L, day * 10L + 10)
                    .selectExpr("id", "id % 2 AS part")
                    .write()
                    .format("delta")
                    .mode("append")
                    .partitionBy("part")
                    .save(harness.lake().root() + "/raw/numbers");
        }
        run = harness.run(new CopyJob("copy"), "input: raw.numbers\noutput: features.numbers\n")
                .runId();
        Path broken = folder.resolve("lake/raw/broken/_delta_log");
        Files.createDirectories(broken);
        Files.writeString(broken.resolve("00000000000000000000.json"), "{\"commitInfo\":");
    }

    @Test
    void everyTableIsListedWithRowsSizeAndTheRunThatWroteIt() {
        TableList list = new TablesReport(harness.tables()).all();

        assertThat(list.tables())
                .extracting(TableSummary::table)
                .containsExactly("features.numbers", "raw.broken", "raw.numbers");
        TableSummary features = list.tables().get(0);
        assertThat(features.rows()).hasValue(20);
        assertThat(features.job()).contains("copy");
        assertThat(features.runId()).contains(run);
        assertThat(features.bytes()).isPositive();
        TableSummary raw = list.tables().get(2);
        assertThat(raw.version()).isEqualTo(1);
        assertThat(raw.versions()).isEqualTo(2);
        assertThat(raw.rows()).hasValue(20);
        assertThat(raw.runId()).isEmpty();
        assertThat(list.tables().get(1).problem()).isPresent();
        assertThat(list.text()).contains("features.numbers", run, "raw.broken");
    }

    @Test
    void oneTableShowsItsColumnsPartitionsAndCommits() {
        TableDetail detail = new TablesReport(harness.tables()).of(TableName.parse("raw.numbers"));

        assertThat(detail.partitionColumns()).containsExactly("part");
        assertThat(detail.schema().fieldNames()).containsExactly("id", "part");
        assertThat(detail.commits()).extracting(commit -> commit.version()).containsExactly(1L, 0L);
        assertThat(detail.commits().get(0).rows()).isEqualTo(10);
        assertThat(detail.text()).contains("raw.numbers@1: 20 rows", "partitioned by part", "BIGINT", "WRITE");
        assertThat(detail.toJson()).containsKeys("columns", "commits", "partition_columns", "rows");
    }

    @Test
    void anEarlierMomentShowsWhatWasThereThen() {
        Instant first = harness.tables()
                .history(TableName.parse("raw.numbers"))
                .orElseThrow()
                .entry(0)
                .at();

        TableList list = new TablesReport(harness.tables(Optional.of(first))).all();

        TableSummary raw = list.tables().stream()
                .filter(summary -> summary.table().equals("raw.numbers"))
                .findFirst()
                .orElseThrow();
        assertThat(raw.version()).isZero();
        assertThat(raw.versions()).isEqualTo(1);
        assertThat(raw.rows()).hasValue(10);
        assertThat(list.tables()).extracting(TableSummary::table).doesNotContain("features.numbers");
    }
}
