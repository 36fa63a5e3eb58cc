package dev.millrace.engine.learn;

import dev.millrace.engine.onnx.FeaturePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.GBTRegressor;

/** Gradient-boosted trees (Friedman 1999), of two classes or an amount; categories as categories. */
final class GradientBoosting implements Learner {
    @Override
    public Set<Task> tasks() {
        return Set.of(Task.CLASSIFICATION, Task.REGRESSION);
    }

    @Override
    public List<Params.Known> params() {
        List<Params.Known> known = new ArrayList<>(List.of(Params.Known.whole("max-iter", 30, 1, 10_000)));
        known.addAll(TreeParams.known(5));
        known.add(Params.Known.number("step-size", 0.1, 1e-6, 1));
        return known;
    }

    @Override
    public FeaturePlan.Encoding encoding() {
        return FeaturePlan.Encoding.INDEX;
    }

    @Override
    public int maxClasses() {
        return 2;
    }

    @Override
    public Predictor<?, ?, ?> predictor(Task task, Params params, int mostCategories) {
        int rounds = params.count("max-iter");
        double step = params.number("step-size");
        return task == Task.REGRESSION
                ? TreeParams.set(new GBTRegressor().setMaxIter(rounds).setStepSize(step), params, mostCategories)
                : TreeParams.set(new GBTClassifier().setMaxIter(rounds).setStepSize(step), params, mostCategories);
    }

    /** MLlib's gain. */
    @Override
    public double[] importances(Model<?> model, double[] deviations) {
        return model instanceof GBTClassificationModel boosted
                ? boosted.featureImportances().toArray()
                : ((GBTRegressionModel) model).featureImportances().toArray();
    }

    @Override
    public String size(Model<?> model) {
        return TreeParams.size(model);
    }
}
