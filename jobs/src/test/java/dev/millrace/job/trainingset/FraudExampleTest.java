package dev.millrace.job.trainingset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.JobFiles;
import dev.millrace.job.JobHarness;
import dev.millrace.job.features.FeaturesJob;
import dev.millrace.job.generate.GenerateJob;
import dev.millrace.job.training.TrainJob;
import dev.millrace.job.training.TrainResult;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The fraud example's job files, from nothing to a model: history tells more than the amount. */
@ExtendWith(SharedSpark.class)
class FraudExampleTest {
    @Test
    @Tag("slow")
    void windowedFeaturesFindTheFraudThatAmountsDoNot(SparkSession spark, @TempDir Path folder) {
        JobHarness harness = new JobHarness(spark, folder);
        String generate = JobFiles.section("fraud/generate.yaml", "generate")
                .replaceAll("[$][{]landing:[^}]*}", folder.resolve("landing").toString());
        harness.run(new GenerateJob(), generate);
        load(spark, harness, folder.resolve("landing"));
        harness.run(new FeaturesJob(), JobFiles.section("fraud/features-customer.yaml", "features"));
        harness.run(new FeaturesJob(), JobFiles.section("fraud/features-terminal.yaml", "features"));
        harness.run(new TrainingSetJob(), JobFiles.section("fraud/training-set.yaml", "training-set"));

        // A smaller forest than the example's: what counts is what it sees.
        String train = JobFiles.section("fraud/train.yaml", "train")
                .replaceAll("(?s)params:.*?split:", "params: {num-trees: 20, max-depth: 10}\nsplit:");
        TrainResult all = harness.run(new TrainJob(), train);
        TrainResult amount = harness.run(
                new TrainJob(),
                train.replaceAll("(?s)features:.*?algorithm:", "features: {numeric: [amount]}\nalgorithm:"));

        assertThat(all.measures().get("test_average_precision"))
                .isGreaterThan(2 * amount.measures().get("test_average_precision"))
                .isGreaterThan(0.4);
    }

    private static void load(SparkSession spark, JobHarness harness, Path landing) {
        Dataset<Row> transactions = spark.read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv(landing.resolve("transactions").toString());
        harness.write("clean.transactions", transactions.dropDuplicates("transaction_id"));
        harness.write(
                "raw.labels",
                spark.read()
                        .option("header", "true")
                        .option("inferSchema", "true")
                        .csv(landing.resolve("labels").toString()));
    }
}
