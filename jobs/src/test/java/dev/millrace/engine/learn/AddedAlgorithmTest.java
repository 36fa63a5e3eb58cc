package dev.millrace.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.engine.model.NativeColumns;
import dev.millrace.engine.onnx.FeaturePlan;
import dev.millrace.platform.spark.SharedSpark;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.regression.DecisionTreeRegressionModel;
import org.apache.spark.ml.regression.DecisionTreeRegressor;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An algorithm is added as docs/extending.md describes: MLlib's single tree. */
@ExtendWith(SharedSpark.class)
class AddedAlgorithmTest {
    private static final class SingleTree implements Learner {
        @Override
        public Set<Task> tasks() {
            return Set.of(Task.REGRESSION);
        }

        @Override
        public List<Params.Known> params() {
            return List.of(Params.Known.whole("max-depth", 5, 0, 30));
        }

        @Override
        public FeaturePlan.Encoding encoding() {
            return FeaturePlan.Encoding.INDEX;
        }

        @Override
        public int maxClasses() {
            return 0;
        }

        @Override
        public Predictor<?, ?, ?> predictor(Task task, Params params, int mostCategories) {
            return new DecisionTreeRegressor()
                    .setMaxDepth(params.count("max-depth"))
                    .setMaxBins(Math.max(32, mostCategories));
        }

        @Override
        public double[] importances(Model<?> model, double[] deviations) {
            return ((DecisionTreeRegressionModel) model).featureImportances().toArray();
        }

        @Override
        public String size(Model<?> model) {
            return ((DecisionTreeRegressionModel) model).numNodes() + " nodes";
        }
    }

    /** 3 from x = 20 on, otherwise 1; y is noise. */
    private static Dataset<Row> steps(SparkSession spark) {
        Dataset<Row> rows = spark.range(0, 40, 1, 2)
                .selectExpr("CAST(id AS DOUBLE) AS x", "CAST(id % 3 AS DOUBLE) AS y")
                .withColumn(
                        TrainingMatrix.LABEL,
                        functions.when(functions.col("x").geq(20), 3.0).otherwise(1.0));
        return new VectorAssembler()
                .setInputCols(new String[] {"x", "y"})
                .setOutputCol(dev.millrace.engine.onnx.MllibStages.VECTOR)
                .transform(rows);
    }

    @Test
    void itIsFittedWithItsParametersAndExplained(SparkSession spark) {
        Learner tree = new SingleTree();
        Params params = Params.of("single-tree", tree.params(), Map.of("max-depth", 1));
        Dataset<Row> rows = steps(spark);

        Model<?> model = tree.fit(rows, Task.REGRESSION, params, 0, 7);

        assertThat(tree.size(model)).isEqualTo("3 nodes");
        assertThat(tree.importances(model, new double[] {1, 1})).containsExactly(1, 0);
        for (Row row : model.transform(rows).collectAsList()) {
            assertThat(row.<Double>getAs(NativeColumns.PREDICTION))
                    .isCloseTo(row.<Double>getAs(TrainingMatrix.LABEL), within(1e-12));
        }
    }

    @Test
    void itsParametersAreChecked() {
        List<Params.Known> known = new SingleTree().params();

        assertThatThrownBy(() -> Params.of("single-tree", known, Map.of("max-dept", 1)))
                .hasMessageContaining("`params.max-dept` is not a parameter of single-tree")
                .hasMessageContaining("max-depth");
        assertThatThrownBy(() -> Params.of("single-tree", known, Map.of("max-depth", 31)))
                .hasMessageContaining("expected 0 to 30");
    }
}
