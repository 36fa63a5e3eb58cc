package dev.millrace.engine.learn;

import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressor;

/** Bagged trees (Breiman 2001). */
final class RandomForest implements TreeLearner {
    private static final String SUBSET = "feature-subset-strategy";

    @Override
    public Params.Known trees() {
        return Params.Known.whole("num-trees", 40, 1, 10_000);
    }

    @Override
    public int depth() {
        return 10;
    }

    @Override
    public Params.Known own() {
        return Params.Known.text(
                SUBSET,
                "auto",
                "auto|all|sqrt|log2|onethird|[1-9][0-9]*|0?\\.[0-9]*[1-9][0-9]*|1\\.0",
                "auto, all, sqrt, log2, onethird, a number of columns, or a share such as 0.5");
    }

    @Override
    public int maxClasses() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Predictor<?, ?, ?> estimator(Task task, Params params) {
        int trees = params.count("num-trees");
        String subset = params.text(SUBSET);
        return task == Task.REGRESSION
                ? new RandomForestRegressor().setNumTrees(trees).setFeatureSubsetStrategy(subset)
                : new RandomForestClassifier().setNumTrees(trees).setFeatureSubsetStrategy(subset);
    }

    @Override
    public Vector gains(Model<?> model) {
        return model instanceof RandomForestClassificationModel forest
                ? forest.featureImportances()
                : ((RandomForestRegressionModel) model).featureImportances();
    }
}
