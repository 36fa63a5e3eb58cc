package dev.millrace.engine.learn;

import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.GBTRegressor;

/** Gradient-boosted trees (Friedman 1999), of two classes or an amount. */
final class GradientBoosting implements TreeLearner {
    @Override
    public Params.Known trees() {
        return Params.Known.whole("max-iter", 30, 1, 10_000);
    }

    @Override
    public int depth() {
        return 5;
    }

    @Override
    public Params.Known own() {
        return Params.Known.number("step-size", 0.1, 1e-6, 1);
    }

    @Override
    public int maxClasses() {
        return 2;
    }

    @Override
    public Predictor<?, ?, ?> estimator(Task task, Params params) {
        int rounds = params.count("max-iter");
        double step = params.number("step-size");
        return task == Task.REGRESSION
                ? new GBTRegressor().setMaxIter(rounds).setStepSize(step)
                : new GBTClassifier().setMaxIter(rounds).setStepSize(step);
    }

    @Override
    public Vector gains(Model<?> model) {
        return model instanceof GBTClassificationModel boosted
                ? boosted.featureImportances()
                : ((GBTRegressionModel) model).featureImportances();
    }
}
