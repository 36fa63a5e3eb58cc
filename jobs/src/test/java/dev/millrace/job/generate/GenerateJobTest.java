package dev.millrace.job.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.engine.generate.SimulatedRows;
import dev.millrace.engine.simulate.CardSimulation;
import dev.millrace.engine.simulate.CardSimulator;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
class GenerateJobTest {
    private static final String SMALL =
            """
            rows: 5000
            days: 10
            files: {path: "%s"}
            """;

    @Test
    void theSameRowsWhateverTheParallelism(SparkSession spark) {
        CardSimulation world = world();

        Dataset<Row> one = SimulatedRows.transactions(blocks(spark, world, 1), world);
        Dataset<Row> seven = SimulatedRows.transactions(blocks(spark, world, 7), world);

        assertThat(seven.javaRDD().getNumPartitions()).isEqualTo(7);
        assertThat(one.exceptAll(seven).count()).isZero();
        assertThat(seven.exceptAll(one).count()).isZero();
    }

    private static Dataset<Row> blocks(SparkSession spark, CardSimulation world, int partitions) {
        return spark.range(0, CardSimulator.blocks(world), 1, partitions).toDF();
    }

    private static CardSimulation world() {
        return new CardSimulation(
                7,
                10_000,
                640,
                100,
                Instant.parse("2026-01-01T00:00:00Z"),
                30,
                0.01,
                0.02,
                0.01,
                0.01,
                CardSimulation.Drift.NONE);
    }

    @Test
    void filesAreByDayOfArrivalAndNothingElseIsLeft(SparkSession spark, @TempDir Path folder) {
        JobHarness harness = new JobHarness(spark, folder.resolve("home"));
        Path landing = folder.resolve("landing");

        GenerateResult result = harness.run(new GenerateJob(), SMALL.formatted(landing));

        Map<String, String> files = visible(landing);
        assertThat(files).hasSize(result.files());
        assertThat(files.keySet())
                .allMatch(name -> name.matches("(transactions|labels)/2026-01-[0-9]{2}-[0-9a-f]{8}\\.csv"));
        Dataset<Row> rows = spark.read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv(landing.resolve("transactions").toString());
        assertThat(rows.count()).isEqualTo(result.transactions()).isGreaterThan(5000);
        assertThat(rows.schema().toDDL())
                .isEqualTo("transaction_id INT,event_time TIMESTAMP,customer_id INT,terminal_id INT,amount DOUBLE,"
                        + "category STRING,country STRING,city STRING,channel STRING,received_at TIMESTAMP");
        assertThat(rows.where("amount IS NULL OR city IS NULL").count()).isPositive();
        assertThat(result.labels()).isEqualTo(5000);
    }

    private static Map<String, String> visible(Path landing) {
        try (Stream<Path> found = Files.walk(landing)) {
            Map<String, String> contents = new TreeMap<>();
            for (Path file : found.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList()) {
                contents.put(landing.relativize(file).toString(), Files.readString(file));
            }
            return contents;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void daysMadeOneByOneAreTheDaysMadeAtOnce(SparkSession spark, @TempDir Path folder) {
        JobHarness harness = new JobHarness(spark, folder.resolve("home"));
        Path whole = folder.resolve("whole");
        Path daily = folder.resolve("daily");
        harness.run(new GenerateJob(), SMALL.formatted(whole));

        harness.run(new GenerateJob(), SMALL.formatted(daily), Optional.of(between("2026-01-01", "2026-01-04")));
        harness.run(new GenerateJob(), SMALL.formatted(daily), Optional.of(between("2026-01-04", "2026-03-01")));

        assertThat(visible(daily)).isEqualTo(visible(whole));
    }

    private static Interval between(String start, String end) {
        return new Interval(Instant.parse(start + "T00:00:00Z"), Instant.parse(end + "T00:00:00Z"));
    }

    @Test
    void aFolderOfAnotherSimulationIsRefused(SparkSession spark, @TempDir Path folder) {
        JobHarness harness = new JobHarness(spark, folder.resolve("home"));
        harness.run(new GenerateJob(), SMALL.formatted(folder.resolve("landing")));

        assertThatThrownBy(() ->
                        harness.run(new GenerateJob(), SMALL.formatted(folder.resolve("landing")) + "late: 0.5\n"))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.ALREADY_EXISTS))
                .hasMessageContaining("Set a different `files.path`");
    }

    @Test
    void tablesCanBeWrittenInsteadOfFiles(SparkSession spark, @TempDir Path folder) {
        JobHarness harness = new JobHarness(spark, folder);

        GenerateResult result = harness.run(
                new GenerateJob(),
                "rows: 2000\ndays: 5\ntables: {transactions: raw.transactions, labels: raw.labels}\n");

        assertThat(result.tables()).containsExactly("raw.transactions@0", "raw.labels@0");
        assertThat(harness.read("raw.labels")).hasSize(2000);
        assertThat(folder.resolve("landing")).doesNotExist();
    }
}
