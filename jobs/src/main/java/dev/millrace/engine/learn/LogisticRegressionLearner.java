package dev.millrace.engine.learn;

import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Matrix;

/** Logistic regression; of several classes one equation each. */
final class LogisticRegressionLearner implements LinearLearner {
    @Override
    public Set<Task> tasks() {
        return Set.of(Task.CLASSIFICATION);
    }

    @Override
    public int maxClasses() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Predictor<?, ?, ?> estimator() {
        return new LogisticRegression();
    }

    @Override
    public Matrix coefficients(Model<?> model) {
        return ((LogisticRegressionModel) model).coefficientMatrix();
    }
}
