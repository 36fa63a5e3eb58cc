package dev.millrace.job.training;

import dev.millrace.engine.model.NativeColumns;
import dev.millrace.engine.onnx.FeaturePlan;
import dev.millrace.engine.onnx.MllibStages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits one of MLlib's algorithms to the prepared rows. The fit depends on the seed, on the number of partitions and on
 * the order of rows within them; all three are fixed by {@link TrainingMatrix}.
 */
record Learner(Task task, Algorithm algorithm, LearnerParams params, long seed) {
    /** A histogram of a tree level must fit; MLlib's 256 makes deep forests with many bins take more passes. */
    private static final int MAX_MEMORY_MB = 512;

    /** @param mostCategories of a categorical feature, which trees need a bin each for */
    Model<?> fit(Dataset<Row> matrix, int mostCategories) {
        Predictor<?, ?, ?> predictor = task == Task.CLASSIFICATION ? classifier() : regressor();
        set(predictor, "featuresCol", MllibStages.VECTOR);
        set(predictor, "labelCol", TrainingMatrix.LABEL);
        set(predictor, "predictionCol", NativeColumns.PREDICTION);
        set(predictor, "probabilityCol", NativeColumns.PROBABILITY);
        set(predictor, "rawPredictionCol", NativeColumns.RAW);
        if (List.of(matrix.columns()).contains(TrainingMatrix.WEIGHT)) {
            set(predictor, "weightCol", TrainingMatrix.WEIGHT);
        }
        if (algorithm.isTrees()) {
            set(predictor, "maxBins", Math.max(params.count("max-bins"), mostCategories));
            set(predictor, "maxDepth", params.count("max-depth"));
            set(predictor, "minInstancesPerNode", params.count("min-instances-per-node"));
            set(predictor, "subsamplingRate", params.number("subsampling-rate"));
            set(predictor, "maxMemoryInMB", MAX_MEMORY_MB);
            set(predictor, "seed", seed);
        } else {
            set(predictor, "maxIter", params.count("max-iter"));
            set(predictor, "regParam", params.number("reg-param"));
            set(predictor, "elasticNetParam", params.number("elastic-net-param"));
            set(predictor, "tol", params.number("tol"));
        }
        Model<?> fitted = predictor.fit(matrix);
        // The summary holds the session, and a session that has ever used an Observation cannot be serialised: tasks
        // that ship the model would fail after a job that counts its rows (Spark 4.1.0).
        if (fitted instanceof HasTrainingSummary<?> summarised) summarised.setSummary(scala.Option.empty());
        return fitted;
    }

    private static void set(Predictor<?, ?, ?> predictor, String name, Object value) {
        if (predictor.hasParam(name)) predictor.set(name, value);
    }

    private Predictor<?, ?, ?> classifier() {
        return switch (algorithm) {
            case LOGISTIC_REGRESSION -> new LogisticRegression();
            case RANDOM_FOREST ->
                new RandomForestClassifier()
                        .setNumTrees(params.count("num-trees"))
                        .setFeatureSubsetStrategy(params.text("feature-subset-strategy"));
            case GBT ->
                new GBTClassifier().setMaxIter(params.count("max-iter")).setStepSize(params.number("step-size"));
            case LINEAR_REGRESSION -> throw new AssertionError(algorithm);
        };
    }

    private Predictor<?, ?, ?> regressor() {
        return switch (algorithm) {
            case LINEAR_REGRESSION -> new LinearRegression();
            case RANDOM_FOREST ->
                new RandomForestRegressor()
                        .setNumTrees(params.count("num-trees"))
                        .setFeatureSubsetStrategy(params.text("feature-subset-strategy"));
            case GBT -> new GBTRegressor().setMaxIter(params.count("max-iter")).setStepSize(params.number("step-size"));
            case LOGISTIC_REGRESSION -> throw new AssertionError(algorithm);
        };
    }

    /**
     * How much each raw column matters, summing to 1: of trees MLlib's gain, of linear models |coefficient| ×
     * standard deviation (of several classes the sum). Columns in the order of the plan.
     *
     * @param deviations of the elements of the vector
     */
    static Map<String, Double> importances(Model<?> model, FeaturePlan plan, double[] deviations) {
        double[] weights = weights(model, deviations);
        Map<String, Double> byColumn = new LinkedHashMap<>();
        List<String> elements = plan.elements();
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            byColumn.merge(elements.get(i), weights[i], Double::sum);
            total += weights[i];
        }
        double sum = total;
        if (sum > 0) byColumn.replaceAll((column, weight) -> weight / sum);
        return byColumn;
    }

    private static double[] weights(Model<?> model, double[] deviations) {
        double[] weights = new double[deviations.length];
        if (model instanceof LogisticRegressionModel logistic) {
            for (int row = 0; row < logistic.coefficientMatrix().numRows(); row++) {
                for (int i = 0; i < weights.length; i++) {
                    weights[i] += Math.abs(logistic.coefficientMatrix().apply(row, i)) * deviations[i];
                }
            }
            return weights;
        }
        if (model instanceof LinearRegressionModel linear) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] = Math.abs(linear.coefficients().apply(i)) * deviations[i];
            }
            return weights;
        }
        return treeImportances(model).toArray();
    }

    private static Vector treeImportances(Model<?> model) {
        if (model instanceof org.apache.spark.ml.classification.RandomForestClassificationModel forest)
            return forest.featureImportances();
        if (model instanceof org.apache.spark.ml.regression.RandomForestRegressionModel forest)
            return forest.featureImportances();
        if (model instanceof org.apache.spark.ml.classification.GBTClassificationModel boosted)
            return boosted.featureImportances();
        if (model instanceof org.apache.spark.ml.regression.GBTRegressionModel boosted)
            return boosted.featureImportances();
        throw new AssertionError(model.uid());
    }

    /** What was fitted, in a few words: "60 trees, 48,211 nodes". */
    static String size(Model<?> model) {
        if (model instanceof TreeEnsembleModel<?> ensemble) {
            return ensemble.treeWeights().length + " trees, " + ensemble.totalNumNodes() + " nodes";
        }
        if (model instanceof LogisticRegressionModel logistic) {
            return logistic.numFeatures() + " coefficients";
        }
        return model instanceof LinearRegressionModel linear ? linear.numFeatures() + " coefficients" : "";
    }
}
