package dev.millrace.engine.learn;

import dev.millrace.engine.onnx.FeaturePlan;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;

/** Logistic regression with an elastic net, standardised inside the fit; categories one-hot. */
final class LogisticRegressionLearner implements Learner {
    @Override
    public Set<Task> tasks() {
        return Set.of(Task.CLASSIFICATION);
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
        return Integer.MAX_VALUE;
    }

    @Override
    public Predictor<?, ?, ?> predictor(Task task, Params params, int mostCategories) {
        return LinearParams.set(new LogisticRegression(), params);
    }

    /** |coefficient| × standard deviation; of several classes the sum. */
    @Override
    public double[] importances(Model<?> model, double[] deviations) {
        LogisticRegressionModel logistic = (LogisticRegressionModel) model;
        double[] weights = new double[deviations.length];
        for (int row = 0; row < logistic.coefficientMatrix().numRows(); row++) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] += Math.abs(logistic.coefficientMatrix().apply(row, i)) * deviations[i];
            }
        }
        return weights;
    }

    @Override
    public String size(Model<?> model) {
        return ((LogisticRegressionModel) model).numFeatures() + " coefficients";
    }
}
