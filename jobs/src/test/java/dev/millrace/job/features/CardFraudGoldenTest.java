package dev.millrace.job.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.JobFiles;
import dev.millrace.job.JobHarness;
import dev.millrace.job.SharedData;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The features of the card-fraud set equal its golden file: counts exactly, means and shares within 1e-12. */
@ExtendWith(SharedSpark.class)
class CardFraudGoldenTest {
    @Test
    @Tag("slow")
    void theFirstWeekEqualsTheGoldenFile(SparkSession spark, @TempDir Path folder) {
        Path set = SharedData.set("card-fraud");
        Dataset<Row> week = spark.read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv(set.resolve("daily-csv").toString());

        assertGolden(spark, folder, week, 150);
    }

    @Test
    @Tag("slow")
    void allTransactionsEqualTheGoldenFile(SparkSession spark, @TempDir Path folder) {
        Path set = SharedData.set("card-fraud");
        Dataset<Row> all = spark.read().parquet(set.resolve("transactions").toString());

        assertGolden(spark, folder, all, 5_000);
    }

    private static void assertGolden(SparkSession spark, Path folder, Dataset<Row> transactions, int atLeast) {
        JobHarness harness = new JobHarness(spark, folder);
        harness.write("clean.card_fraud", transactions.drop("tx_fraud_scenario"));
        harness.run(new FeaturesJob(), JobFiles.section("card-fraud/features-customer.yaml", "features"));
        harness.run(new FeaturesJob(), JobFiles.section("card-fraud/features-terminal.yaml", "features"));

        Dataset<Row> golden = spark.read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv(SharedData.set("card-fraud")
                        .resolve("expected-features.csv.gz")
                        .toString());
        Dataset<Row> computed = harness.table("features.card_fraud_customer")
                .join(harness.table("features.card_fraud_terminal"), "transaction_id");
        List<String> names = List.of(golden.columns()).stream()
                .filter(name -> name.matches("cust_.*|term_.*|weekend|night"))
                .toList();
        Dataset<Row> pairs = golden.as("golden").join(computed.as("computed"), "transaction_id");
        assertThat(names).hasSize(14);
        assertThat(pairs.count()).isGreaterThan(atLeast);
        for (String name : names) {
            var expected = functions.col("golden." + name);
            var actual = functions.col("computed." + name);
            boolean count = name.contains("_n_") || name.equals("weekend") || name.equals("night");
            var allowed = functions.abs(expected).multiply(count ? 0 : 1e-12);
            var wrong = actual.isNull().or(functions.abs(actual.minus(expected)).gt(allowed));
            assertThat(pairs.where(wrong).select(expected, actual).takeAsList(5))
                    .as(name)
                    .isEmpty();
        }
    }
}
