package dev.millrace.engine.learn;

import dev.millrace.engine.onnx.FeaturePlan;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;

/** Least squares with an elastic net, standardised inside the fit; categories one-hot. */
final class LinearRegressionLearner implements Learner {
    @Override
    public Set<Task> tasks() {
        return Set.of(Task.REGRESSION);
    }

    @Override
    public List<Params.Known> params() {
        return LinearParams.KNOWN;
    }

    @Override
    public FeaturePlan.Encoding encoding() {
        return FeaturePlan.Encoding.ONE_HOT;
    }

    @Override
    public int maxClasses() {
        return 0;
    }

    @Override
    public Predictor<?, ?, ?> predictor(Task task, Params params, int mostCategories) {
        return LinearParams.set(new LinearRegression(), params);
    }

    /** |coefficient| × standard deviation. */
    @Override
    public double[] importances(Model<?> model, double[] deviations) {
        LinearRegressionModel linear = (LinearRegressionModel) model;
        double[] weights = new double[deviations.length];
        for (int i = 0; i < weights.length; i++)
            weights[i] = Math.abs(linear.coefficients().apply(i)) * deviations[i];
        return weights;
    }

    @Override
    public String size(Model<?> model) {
        return ((LinearRegressionModel) model).numFeatures() + " coefficients";
    }
}
