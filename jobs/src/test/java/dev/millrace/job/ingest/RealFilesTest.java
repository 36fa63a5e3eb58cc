package dev.millrace.job.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.job.JobHarness;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole real sets; prints how long they took. */
@Tag("slow")
@ExtendWith(SharedSpark.class)
class RealFilesTest {
    private final Path data = Path.of(System.getenv().getOrDefault("MILLRACE_SHARED_DATA", "../../shared/data"));

    private IngestResult ingest(JobHarness harness, String path, String table, String options) {
        assumeTrue(Files.exists(data), "The shared data is not at " + data.toAbsolutePath());
        long begun = System.nanoTime();
        IngestResult result = harness.run(
                new IngestJob(), "path: \"" + data.resolve(path) + "\"\noutput: raw." + table + "\n" + options);
        System.out.printf("%s: %,d records in %.1f s%n", path, result.records(), (System.nanoTime() - begun) / 1e9);
        return result;
    }

    @Test
    void cardTransactionsAreTheSameFromParquetAndFromCsv(SparkSession spark, @TempDir Path home) {
        JobHarness harness = new JobHarness(spark, home);

        IngestResult parquet = ingest(harness, "card-fraud/transactions", "cards", "");
        IngestResult csv = ingest(harness, "card-fraud/daily-csv", "days", "");

        assertThat(parquet.landed()).isEqualTo(1_754_155);
        assertThat(csv.quarantined()).isZero();
        Dataset<Row> week = harness.table("raw.cards").where("tx_datetime < TIMESTAMP '2018-04-08 00:00:00'");
        Dataset<Row> days = harness.table("raw.days");
        String[] columns = {"transaction_id", "tx_datetime", "customer_id", "terminal_id"};
        assertThat(days.count()).isEqualTo(week.count());
        assertThat(days.selectExpr(columns).exceptAll(week.selectExpr(columns)).isEmpty())
                .isTrue();
    }

    @Test
    void theCensusAndTheBikesAreInferred(SparkSession spark, @TempDir Path home) {
        JobHarness harness = new JobHarness(spark, home);

        IngestResult adult = ingest(harness, "adult/adult.csv.gz", "adult", "");
        IngestResult bikes = ingest(harness, "bike-sharing/hour.csv.gz", "bikes", "");

        assertThat(adult.landed()).isEqualTo(48_842);
        assertThat(bikes.landed()).isEqualTo(17_379);
        System.out.println(harness.table("raw.adult").schema().toDDL());
        System.out.println(harness.table("raw.bikes").schema().toDDL());
        assertThat(harness.table("raw.adult").where("workclass IS NULL").count())
                .isEqualTo(2799);
        assertThat(harness.table("raw.bikes")
                        .schema()
                        .apply("dteday")
                        .dataType()
                        .typeName())
                .isEqualTo("date");
    }
}
