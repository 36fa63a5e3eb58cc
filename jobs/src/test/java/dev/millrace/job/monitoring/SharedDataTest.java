package dev.millrace.job.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.JobHarness;
import dev.millrace.job.SharedData;
import dev.millrace.job.eda.EdaJob;
import dev.millrace.job.eda.EdaResult;
import dev.millrace.job.scoring.ScoreJob;
import dev.millrace.job.training.TrainJob;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On the shared data sets, which are large: `car-loan-drift`, whose shift begins at row 75,000, and `card-fraud`. */
@Tag("slow")
@ExtendWith(SharedSpark.class)
class SharedDataTest {
    private static final Instant SHIFT = Instant.parse("2019-03-31T00:00:00Z");

    private JobHarness harness;
    private SparkSession spark;

    @BeforeEach
    void begin(SparkSession session, @TempDir Path folder) {
        spark = session;
        harness = new JobHarness(session, folder);
    }

    private Dataset<Row> loans(String file) {
        return spark.read()
                .option("header", true)
                .option("inferSchema", true)
                .csv(SharedData.set("car-loan-drift").resolve(file).toString());
    }

    @Test
    void aKnownShiftIsFoundInItsColumnsAndNowhereBefore() {
        harness.write("raw.reference", loans("reference.csv.gz"));
        harness.write("raw.analysis", loans("analysis.csv.gz"));
        harness.write("raw.truth", loans("analysis_target.csv.gz"));
        String run = harness.run(
                        new TrainJob(),
                        """
                        table: raw.reference
                        label: repaid
                        features: {auto: true, exclude: [id, timestamp, y_pred, y_pred_proba]}
                        algorithm: gbt
                        params: {max-iter: 10}
                        split: {by: hash, columns: [id], test-share: 0.2}
                        """)
                .runId();
        String model = harness.tracking().artifacts(run).resolve("model").toString();
        harness.run(
                new ScoreJob(),
                "model: " + model
                        + "\ninput: raw.analysis\noutput: predictions.loans\nkeys: [id]\ntime-column: timestamp\n");

        MonitorResult result = harness.run(
                new MonitorJob(),
                "model: " + model + "\ninputs: raw.analysis\npredictions: predictions.loans\ntime-column: timestamp\n"
                        + "granularity: 14d\nlabels: {table: raw.truth, keys: [id], column: repaid}\n");

        List<Row> rows = harness.table("monitoring.drift_metrics")
                .where("verdict <> 'not_enough_data' AND column_name <> ':table'")
                .orderBy("column_name", "window.start")
                .collectAsList();
        Set<String> after = new TreeSet<>();
        StringBuilder report = new StringBuilder();
        for (Row row : rows) {
            Instant end = row.<Row>getAs("window").getAs("end");
            String column = row.getAs("column_name");
            report.append(end).append(' ').append(column).append(' ').append(row.<String>getAs("verdict"));
            for (String figure : List.of("effect_measure", "effect", "error_bound", "population_stability_index")) {
                report.append(' ').append(row.<Object>getAs(figure));
            }
            report.append('\n');
            if (!end.isAfter(SHIFT))
                assertThat(row.<String>getAs("verdict")).as(column + end).isEqualTo("ok");
            else if (row.getAs("verdict").equals("drift")) after.add(column);
        }
        System.out.println(report);
        assertThat(after).contains("car_value", "salary_range").doesNotContain("driver_tenure", "size_of_downpayment");
        assertThat(result.drifted()).contains("car_value", "salary_range");
    }

    @Test
    void aMillionAndThreeQuarterRowsAreProfiledInOnePass() {
        Dataset<Row> transactions = spark.read()
                .parquet(SharedData.set("card-fraud").resolve("transactions").toString());
        harness.write("raw.transactions", transactions);
        long begun = System.nanoTime();

        EdaResult result = harness.run(new EdaJob(), "table: raw.transactions\n");

        System.out.printf(
                "eda of %d rows: %.1f s%n%s%n", result.rows(), (System.nanoTime() - begun) / 1e9, result.alerts());
        assertThat(result.rows()).isEqualTo(1_754_155);
    }
}
