package dev.millrace.job.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.job.JobHarness;
import dev.millrace.job.scoring.ScoreJob;
import dev.millrace.job.training.TrainJob;
import dev.millrace.job.training.TrainResult;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
class EvaluateJobTest {
    private JobHarness harness;
    private TrainResult trained;
    private String model;

    @BeforeAll
    void train(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        harness.write("raw.people", dev.millrace.job.training.Rows.of(spark, 800, 7));
        trained = harness.run(
                new TrainJob(),
                """
                table: raw.people
                label: income
                positive-class: ">50K"
                features: {numeric: [amount, count], categorical: [colour]}
                algorithm: random-forest
                params: {num-trees: 4, max-depth: 4}
                split: {by: column}
                """);
        model = harness.tracking().artifacts(trained.runId()).resolve("model").toString();
    }

    @Test
    void aModelIsJudgedAsTrainingJudgedItAndByItsPredictionsAlike() throws IOException {
        harness.run(
                new ScoreJob(),
                "model: " + model + "\ninput: raw.people\noutput: predictions.people\nkeys: [id]\ntime-column: at\n");

        EvaluateResult scored = harness.run(
                new EvaluateJob(),
                "model: " + model + "\ntable: {table: raw.people, where: \"split = 'test'\"}\nslices: [colour]\n");
        EvaluateResult joined = harness.run(
                new EvaluateJob(),
                "model: " + model + "\ntable: {table: raw.people, where: \"split = 'test'\"}\n"
                        + "predictions: predictions.people\nkeys: [id]\n");

        assertThat(scored.scores().rows()).isEqualTo(trained.testRows());
        for (String measure : new String[] {"auc", "average_precision", "log_loss", "brier", "accuracy", "recall"}) {
            double expected = trained.measures().get("test_" + measure);
            assertThat(scored.scores().measures().get(measure)).as(measure).isCloseTo(expected, within(1e-12));
            assertThat(joined.scores().measures().get(measure)).as(measure).isCloseTo(expected, within(1e-12));
        }
        String run = harness.tracking()
                .searchRuns("test", "tags.`millrace.job` = 'evaluate'", 2)
                .get(1)
                .id();
        Path artifacts = harness.tracking().artifacts(run);
        JsonNode json = new ObjectMapper().readTree(Files.readString(artifacts.resolve("evaluation/metrics.json")));
        assertThat(json.path("intervals_95").path("auc").size()).isEqualTo(2);
        assertThat(json.path("slices")).hasSize(4);
        assertThat(Files.readString(artifacts.resolve("evaluation/index.html")))
                .contains("Precision and recall", "Calibration", "Confusion matrix", "By colour")
                .doesNotContain("<script");
        assertThat(harness.tracking().run(run).metrics()).containsKeys("auc", "auc_low", "precision_high", "ece");
    }

    @Test
    @Tag("slow")
    void amountsAndSeveralClassesAreJudgedToo() {
        TrainResult amounts = harness.run(
                new TrainJob(),
                """
                table: raw.people
                label: value
                task: regression
                features: {numeric: [amount]}
                algorithm: linear-regression
                split: {by: column}
                """);
        TrainResult classes = harness.run(
                new TrainJob(),
                """
                table: raw.people
                label: level
                features: {numeric: [amount, count]}
                algorithm: logistic-regression
                split: {by: column}
                """);

        EvaluateResult byAmount = harness.run(new EvaluateJob(), judging(amounts));
        EvaluateResult byClass = harness.run(new EvaluateJob(), judging(classes));

        assertThat(byAmount.scores().measures().get("rmse"))
                .isCloseTo(amounts.measures().get("test_rmse"), within(1e-12));
        assertThat(byAmount.scores().printed().get("rmse").toString()).contains(" to ");
        assertThat(byClass.scores().measures().get("f1_macro"))
                .isCloseTo(classes.measures().get("test_f1_macro"), within(1e-12));
    }

    private String judging(TrainResult result) {
        return "model: " + harness.tracking().artifacts(result.runId()).resolve("model")
                + "\ntable: {table: raw.people, where: \"split = 'test'\"}\n";
    }

    /** D8: two labels of a key, and predictions of another model. */
    @Test
    void labelsAreTheNewestPerKeyAndPredictionsThoseOfThisModel() {
        harness.run(
                new ScoreJob(),
                "model: " + model + "\ninput: raw.people\noutput: predictions.mixed\nkeys: [id]\ntime-column: at\n");
        harness.append(
                "predictions.mixed",
                harness.table("predictions.mixed")
                        .withColumn("model_name", functions.lit("another"))
                        .withColumn("probability", functions.lit(0.5)),
                1);
        harness.write(
                "raw.truth",
                harness.table("raw.people")
                        .where("split = 'test' AND income IS NOT NULL")
                        .selectExpr(
                                "id",
                                "explode(array(struct(IF(income = '>50K', '<=50K', '>50K') AS income, at AS told),"
                                        + " struct(income AS income, at + INTERVAL 1 DAY AS told))) AS label")
                        .selectExpr("id", "label.income AS income", "label.told AS told"));

        EvaluateResult judged = harness.run(
                new EvaluateJob(),
                "model: " + model + "\npredictions: predictions.mixed\n"
                        + "labels: {table: raw.truth, keys: [id], created-column: told}\n");

        assertThat(judged.scores().rows()).isEqualTo(trained.testRows());
        assertThat(judged.scores().measures().get("auc"))
                .isCloseTo(trained.measures().get("test_auc"), within(1e-12));
        assertThatThrownBy(() -> harness.run(
                        new EvaluateJob(),
                        "model: " + model
                                + "\npredictions: {table: predictions.mixed, where: \"model_name = 'another'\"}\n"
                                + "labels: {table: raw.truth, keys: [id]}\n"))
                .hasMessageContaining("It contains predictions of another");
    }

    @Test
    void aMissingLabelCountsWhereThisIsDeclared() {
        harness.write(
                "raw.positives",
                harness.table("raw.people")
                        .where("split = 'test' AND income = '>50K'")
                        .selectExpr("id", "income"));
        String newest = "(SELECT max(at) FROM rows)";
        var test = harness.table("raw.people").where("split = 'test'");
        test.createOrReplaceTempView("rows");
        long judgedRows = test.where("income = '>50K' OR at <= " + newest + " - INTERVAL 1 DAY")
                .count();

        EvaluateResult judged = harness.run(
                new EvaluateJob(),
                "model: " + model + "\ntable: {table: raw.people, where: \"split = 'test'\"}\ntime-column: at\n"
                        + "labels: {table: raw.positives, keys: [id], missing-as: \"<=50K\", after: 1d}\n");

        assertThat(judged.scores().rows()).isEqualTo(judgedRows).isLessThan(test.count());
        assertThat(judged.scores().measures().get("auc")).isGreaterThan(0.8);
    }

    @Test
    void whatCannotBeJudgedIsToldInWords() {
        assertThatThrownBy(() ->
                        harness.run(new EvaluateJob(), "model: " + model + "\ntable: raw.people\nlabel: colour\n"))
                .hasMessageContaining(
                        "has no row with a value of `colour` that the model was trained on (<=50K, >50K)");
        assertThatThrownBy(() -> harness.run(
                        new EvaluateJob(),
                        "model: " + model + "\ntable: raw.people\npredictions: predictions.people\n"))
                .hasMessageContaining("`predictions` requires `keys`");
    }
}
