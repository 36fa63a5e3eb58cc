package dev.millrace.job.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.onnx.Target;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainJobTest {
    private static final String INCOME =
            """
            table: raw.people
            label: income
            positive-class: ">50K"
            features: {auto: true, exclude: [id, at, level, value]}
            algorithm: %s
            split: {by: column}
            """;

    private JobHarness harness;

    @BeforeAll
    void makeTable(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        harness.write("raw.people", Rows.of(spark, 1200, 7));
        harness.write(
                "raw.bad",
                Rows.of(spark, 100, 8)
                        .select(
                                functions.col("*"),
                                functions.lit(Double.NaN).as("nan"),
                                functions.lit("same").as("same"),
                                functions.lit(null).cast("double").as("empty")));
    }

    @Test
    void aClassifierIsWrittenWhole() throws IOException {
        TrainResult result = harness.run(
                new TrainJob(),
                INCOME.formatted("random-forest")
                        + """
                params: {num-trees: 5, max-depth: 4}
                privacy: {hash: [colour], exclude: [count]}
                """);

        Path folder = harness.tracking().artifacts(result.runId()).resolve("model");
        assertThat(List.of(
                        "MLmodel",
                        "model.onnx",
                        "spark/metadata",
                        "feature_spec.yaml",
                        "input_example.json",
                        "requirements.txt",
                        "model_card.md",
                        "SHA256SUMS"))
                .allSatisfy(name -> assertThat(folder.resolve(name)).exists());
        ModelDirectory model = ModelDirectory.open(folder);
        assertThat(model.info().columns()).containsExactly("amount", "count", "colour");
        assertThat(model.info().target()).isEqualTo(new Target.Classes(Target.Kind.TEXT, List.of("<=50K", ">50K")));
        assertThat(result.measures().get("test_auc")).isGreaterThan(0.9);
        assertThat(harness.tracking().run(result.runId()).metrics().get("onnx_largest_difference"))
                .isLessThan(1e-5);
        assertThat(Files.readString(folder.resolve("input_example.json")))
                .doesNotContain("red")
                .doesNotContain("green");
        assertThat(Files.readString(folder.resolve("training_profile.json")))
                .contains("\"amount\"", "\"colour\"", "\"hashed\":true")
                .doesNotContain("\"count\"", "\"red\"", "\"green\"");
        assertThat(folder.resolve("training_profile.parquet")).isNotEmptyFile();
    }

    @Test
    void trainingTwiceGivesTheSameModelWhateverThePartitions(SparkSession spark) throws IOException {
        harness.write("raw.people_again", Rows.of(spark, 1200, 7).repartition(5));
        String yaml = INCOME.formatted("random-forest") + "params: {num-trees: 4}\n";

        TrainResult first = harness.run(new TrainJob(), yaml);
        TrainResult second = harness.run(new TrainJob(), yaml.replace("raw.people", "raw.people_again"));

        assertThat(onnx(second)).isEqualTo(onnx(first));
        assertThat(second.measures()).isEqualTo(first.measures());
    }

    private byte[] onnx(TrainResult result) throws IOException {
        return Files.readAllBytes(harness.tracking().artifacts(result.runId()).resolve("model/model.onnx"));
    }

    @Test
    void severalClassesAndAmountsAreLearnedToo() {
        String rest =
                """
                table: raw.people
                features: {numeric: [amount, count], categorical: [colour]}
                """;

        TrainResult classes = harness.run(
                new TrainJob(),
                rest
                        + """
                label: level
                algorithm: logistic-regression
                params: {reg-param: 1e-6}
                split: {by: hash, columns: id, test-share: 0.3}
                """);
        TrainResult amounts = harness.run(
                new TrainJob(),
                rest
                        + """
                label: value
                task: regression
                algorithm: gbt
                params: {max-iter: 4}
                split: {by: time, column: at, test-share: 0.25, gap: 6h}
                """);

        assertThat(classes.measures().get("test_accuracy")).isGreaterThan(0.6);
        assertThat(amounts.measures().get("test_r2")).isGreaterThan(0.4);
        assertThat(amounts.testRows()).isBetween(300L, 310L);
        assertThat(amounts.trainRows()).isEqualTo(1200 - amounts.testRows() - 60);
    }

    @Test
    @Tag("slow")
    void balancedWeightsWithoutOnnxAndWithStratifiedRowsWork() {
        TrainResult result = harness.run(
                new TrainJob(),
                """
                table: raw.people
                label: income
                positive-class: ">50K"
                features: {numeric: [amount], categorical: [count, colour]}
                algorithm: logistic-regression
                class-weights: balanced
                split: {by: stratified, columns: [id]}
                onnx: off
                """);

        Path folder = harness.tracking().artifacts(result.runId()).resolve("model");
        assertThat(folder.resolve("model.onnx")).doesNotExist();
        assertThat(result.measures().get("test_recall")).isGreaterThan(0.5);
    }

    @Test
    void aForestIsMeasuredInASessionThatHasCountedRows(SparkSession spark) {
        spark.range(1)
                .observe(
                        new org.apache.spark.sql.Observation(),
                        functions.count(functions.lit(1)).as("rows"))
                .collectAsList();

        TrainResult result = harness.run(
                new TrainJob(), INCOME.formatted("random-forest") + "params: {num-trees: 2, max-depth: 2}\n");

        assertThat(result.measures().get("test_auc")).isGreaterThan(0.5);
    }

    @Test
    void whatCannotBeLearnedIsRefusedBeforeFitting() {
        assertRefused("label: same\nfeatures: {numeric: [amount]}", "`same` in all training rows");
        assertRefused("label: nan\nfeatures: {numeric: [amount]}", "is NaN or infinite in 100 rows");
        assertRefused("label: income\nfeatures: {numeric: [amount]}", "set the class whose probability is predicted");
        assertRefused("label: income\npositive-class: \">50k\"\nfeatures: {numeric: [amount]}", "Did you mean `>50K`?");
        assertRefused(
                "label: income\npositive-class: \">50K\"\nfeatures: {numeric: [amount, empty]}",
                "`empty` has no values");
        assertRefused("label: incme\nfeatures: {numeric: [amount]}", "did you mean `income`?");
        assertRefused("label: level\nfeatures: {numeric: [colour]}", "`colour` is STRING, not a number");
    }

    private void assertRefused(String yaml, String message) {
        assertThatThrownBy(() -> harness.run(
                        new TrainJob(), "table: raw.bad\nalgorithm: random-forest\nsplit: {by: column}\n" + yaml))
                .hasMessageContaining(message);
    }

    @Test
    void wrongDeclarationsAreToldAtTheirLine() {
        assertThatThrownBy(
                        () -> harness.run(new TrainJob(), INCOME.formatted("random-forest") + "params: {num-tres: 5}"))
                .hasMessageContaining(
                        "`params.num-tres` is not a parameter of random-forest. Did you mean `num-trees`?");
        assertThatThrownBy(() -> harness.run(new TrainJob(), INCOME.formatted("linear-regression")))
                .hasMessageContaining("does not support classification");
    }
}
