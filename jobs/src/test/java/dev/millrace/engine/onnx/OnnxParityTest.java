package dev.millrace.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.spark.SharedSpark;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.DecisionTreeClassifier;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.NaiveBayes;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.DecisionTreeRegressor;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** ONNX says what MLlib says, on rows neither has seen: within 1e-5 by contract, here within 1e-9. */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnnxParityTest {
    private static final double TOLERANCE = 1e-9;
    private static final Target.Classes INCOME = new Target.Classes(Target.Kind.TEXT, List.of("<=50K", ">50K"));
    private static final Target.Classes LEVELS = new Target.Classes(Target.Kind.INTEGER, List.of("10", "20", "30"));
    private static final Target AMOUNT = new Target.Amount();

    private Dataset<Row> training;
    private Dataset<Row> fresh;

    @BeforeAll
    void makeRows(SparkSession spark) {
        training = RandomRows.dataset(spark, 1, 2000).cache();
        fresh = RandomRows.dataset(spark, 2, 6000).cache();
    }

    @Test
    void binaryLogisticRegressionAgrees() {
        assertAgrees(RandomRows.ONE_HOT, INCOME, new LogisticRegression().setRegParam(0.01), "label");
    }

    @Test
    void multinomialLogisticRegressionAgrees() {
        assertAgrees(RandomRows.ONE_HOT, LEVELS, new LogisticRegression(), "level");
    }

    @Test
    void linearRegressionAgrees() {
        assertAgrees(RandomRows.ONE_HOT, AMOUNT, new LinearRegression(), "value");
    }

    @Test
    void randomForestsAgree() {
        assertAgrees(
                RandomRows.INDEXED,
                INCOME,
                new RandomForestClassifier().setNumTrees(15).setMaxDepth(8).setSeed(3),
                "label");
        assertAgrees(
                RandomRows.INDEXED,
                LEVELS,
                new RandomForestClassifier().setNumTrees(9).setSeed(3),
                "level");
        assertAgrees(
                RandomRows.INDEXED,
                AMOUNT,
                new RandomForestRegressor().setNumTrees(9).setSeed(3),
                "value");
    }

    @Test
    void boostedTreesAgree() {
        assertAgrees(
                RandomRows.INDEXED, INCOME, new GBTClassifier().setMaxIter(12).setSeed(3), "label");
        assertAgrees(
                RandomRows.INDEXED, AMOUNT, new GBTRegressor().setMaxIter(8).setSeed(3), "value");
    }

    @Test
    void singleTreesAgree() {
        assertAgrees(RandomRows.INDEXED, INCOME, new DecisionTreeClassifier().setMaxDepth(7), "label");
        assertAgrees(RandomRows.INDEXED, LEVELS, new DecisionTreeClassifier(), "level");
        assertAgrees(RandomRows.INDEXED, AMOUNT, new DecisionTreeRegressor(), "value");
    }

    @Test
    void aTreeThatIsOneLeafAgrees() {
        assertAgrees(RandomRows.INDEXED, AMOUNT, new DecisionTreeRegressor().setMaxDepth(0), "value");
        assertAgrees(
                RandomRows.INDEXED,
                INCOME,
                new RandomForestClassifier().setNumTrees(2).setMaxDepth(0),
                "label");
    }

    @Test
    void aLoneColumnIsEnough() {
        FeaturePlan lone =
                new FeaturePlan(List.of(new FeaturePlan.Numeric("amount", 7)), List.of(), FeaturePlan.Encoding.INDEX);

        assertAgrees(lone, INCOME, new LogisticRegression(), "label");
    }

    /** D11: a category of whole numbers is the same category in a column of doubles, and 1.5 is not the category 1. */
    @Test
    void wholeNumbersAreOneCategoryInEveryType() {
        PipelineModel fitted = fit(RandomRows.INDEXED, new DecisionTreeRegressor().setMaxDepth(6), "value");
        byte[] bytes = OnnxExport.write(RandomRows.INDEXED, AMOUNT, last(fitted));
        Dataset<Row> few = fresh.limit(300);
        Dataset<Row> doubles = few.withColumn("season", functions.col("season").cast("double"));
        Dataset<Row> fractions = few.withColumn("season", functions.expr("season + 0.5D"));
        Dataset<Row> unknown = few.withColumn("season", functions.expr("CAST(NULL AS DOUBLE)"));
        Dataset<Row> large = few.withColumn("season", functions.expr("1e300D"));

        try (OnnxModel model = OnnxModel.open(bytes)) {
            List<Double> whole = amounts(model, few);
            assertThat(amounts(model, doubles)).isEqualTo(whole);
            assertThat(amounts(model, fractions))
                    .isEqualTo(amounts(model, unknown))
                    .isEqualTo(amounts(model, large))
                    .isNotEqualTo(whole);
        }
        assertThat(amounts(fitted, doubles)).isEqualTo(amounts(fitted, few));
        assertThat(amounts(fitted, fractions))
                .isEqualTo(amounts(fitted, unknown))
                .isEqualTo(amounts(fitted, large));
    }

    private static List<Double> amounts(OnnxModel model, Dataset<Row> rows) {
        List<Double> amounts = new java.util.ArrayList<>();
        ScoreRows.each(
                model, rows.collectAsList(), 4096, (row, scores, at) -> amounts.add((Double) scores.prediction(at)));
        return amounts;
    }

    private static List<Double> amounts(PipelineModel fitted, Dataset<Row> rows) {
        return fitted.transform(rows).select("prediction").collectAsList().stream()
                .map(row -> row.getDouble(0))
                .toList();
    }

    @Test
    void aFlagThatIsNeverMissingIsABooleanInput() {
        FeaturePlan plan = new FeaturePlan(
                List.of(new FeaturePlan.Numeric("amount", 7), new FeaturePlan.Numeric("flag", 0, true)),
                List.of(),
                FeaturePlan.Encoding.INDEX);
        Dataset<Row> whole = fresh.where("flag IS NOT NULL").limit(300);
        PipelineModel fitted = fit(plan, new DecisionTreeRegressor().setMaxDepth(6), "value");
        byte[] bytes = OnnxExport.write(plan, AMOUNT, last(fitted));

        try (OnnxModel model = OnnxModel.open(bytes)) {
            assertThat(model.inputs().get(1)).isEqualTo(new OnnxModel.Input("flag", OnnxModel.Type.BOOLEAN, 1));
            assertThat(amounts(model, whole)).isEqualTo(amounts(fitted, whole));
            assertThatThrownBy(() -> amounts(model, fresh.where("flag IS NULL").limit(1)))
                    .hasMessageContaining("`flag` requires true or false, and a row has missing");
        }
    }

    @Test
    void modelsThatNobodyUsesAreClosed() {
        List<byte[]> models = new java.util.ArrayList<>();
        FeaturePlan fitted =
                new FeaturePlan(List.of(new FeaturePlan.Numeric("amount", 0)), List.of(), FeaturePlan.Encoding.INDEX);
        Model<?> tree = last(fit(fitted, new DecisionTreeRegressor().setMaxDepth(0), "value"));
        for (int i = 0; i < OnnxModels.KEPT + 3; i++) {
            FeaturePlan other = new FeaturePlan(
                    List.of(new FeaturePlan.Numeric("amount", i)), List.of(), FeaturePlan.Encoding.INDEX);
            models.add(OnnxExport.write(other, AMOUNT, tree));
        }

        OnnxModels.Use first = OnnxModels.use("test-0", models.get(0));
        for (int i = 1; i < models.size(); i++) OnnxModels.with("test-" + i, models.get(i), OnnxModel::inputs);

        assertThat(OnnxModels.open()).isLessThanOrEqualTo(OnnxModels.KEPT);
        InputBatch batch = first.model().batch(1);
        batch.nextRow();
        batch.number(0, 3);
        assertThat(first.model().run(batch).prediction(0)).isInstanceOf(Double.class);
        first.close();
    }

    @Test
    void aModelWithoutAnOnnxFormIsRefusedByName() {
        FeaturePlan lone =
                new FeaturePlan(List.of(new FeaturePlan.Numeric("count", 7)), List.of(), FeaturePlan.Encoding.INDEX);
        PipelineModel fitted = fit(lone, new NaiveBayes(), "label");

        assertThatThrownBy(() -> OnnxExport.write(lone, INCOME, last(fitted)))
                .hasMessageContaining("`nb` cannot be exported to ONNX")
                .hasMessageContaining("onnx: off");
    }

    @Test
    void aBatchGivesTheSameInAnySize() {
        PipelineModel fitted =
                fit(RandomRows.INDEXED, new GBTClassifier().setMaxIter(5).setSeed(3), "label");
        byte[] bytes = OnnxExport.write(RandomRows.INDEXED, INCOME, last(fitted));
        List<Row> rows = fresh.limit(500).collectAsList();

        try (OnnxModel model = OnnxModel.open(bytes)) {
            List<Double> whole = ScoreRows.probabilities(model, rows, 4096);

            // The runtime adds up the trees of one row in another order than those of many.
            assertClose(ScoreRows.probabilities(model, rows, 1), whole);
            assertClose(ScoreRows.probabilities(model, rows, 77), whole);
        }
    }

    @Test
    void bytesThatAreNoModelAreRefused() {
        assertThatThrownBy(() -> OnnxModel.open(new byte[] {1, 2, 3})).hasMessageContaining("cannot use this model");
    }

    private static void assertClose(List<Double> seen, List<Double> expected) {
        assertThat(seen).hasSameSizeAs(expected);
        for (int i = 0; i < seen.size(); i++) {
            assertThat(seen.get(i)).isCloseTo(expected.get(i), org.assertj.core.data.Offset.offset(1e-14));
        }
    }

    private PipelineModel fit(FeaturePlan plan, Predictor<?, ?, ?> predictor, String label) {
        List<PipelineStage> stages = new java.util.ArrayList<>(MllibStages.of(plan));
        predictor.set("featuresCol", MllibStages.VECTOR);
        predictor.set("labelCol", label);
        stages.add(predictor);
        PipelineModel fitted =
                new Pipeline().setStages(stages.toArray(PipelineStage[]::new)).fit(training);
        // As Learner does: a summary holds the session, which cannot be shipped once an Observation was used in it.
        if (last(fitted) instanceof HasTrainingSummary<?> summarised) summarised.setSummary(scala.Option.empty());
        return fitted;
    }

    private static Model<?> last(PipelineModel fitted) {
        return (Model<?>) fitted.stages()[fitted.stages().length - 1];
    }

    private void assertAgrees(FeaturePlan plan, Target target, Predictor<?, ?, ?> predictor, String label) {
        PipelineModel fitted = fit(plan, predictor, label);
        byte[] bytes = OnnxExport.write(plan, target, last(fitted));
        List<Row> expected = fitted.transform(fresh).collectAsList();

        try (OnnxModel model = OnnxModel.open(bytes)) {
            ScoreRows.each(model, expected, 4096, (row, scores, at) -> assertRow(target, row, scores, at));
        }
    }

    private static void assertRow(Target target, Row expected, Scores scores, int at) {
        double prediction = expected.getDouble(expected.fieldIndex("prediction"));
        if (!(target instanceof Target.Classes classes)) {
            assertThat((double) scores.prediction(at))
                    .isCloseTo(prediction, org.assertj.core.data.Offset.offset(TOLERANCE));
            return;
        }
        String wanted = classes.values().get((int) prediction);
        assertThat(String.valueOf(scores.prediction(at))).as("%s", expected).isEqualTo(wanted);
        Vector probabilities = expected.getAs("probability");
        int count = classes.isBinary() ? 1 : classes.values().size();
        assertThat(scores.probabilities()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(scores.probability(at, i))
                    .isCloseTo(
                            probabilities.apply(classes.isBinary() ? 1 : i),
                            org.assertj.core.data.Offset.offset(TOLERANCE));
        }
    }
}
