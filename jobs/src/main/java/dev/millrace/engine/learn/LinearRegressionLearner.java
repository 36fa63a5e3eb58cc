package dev.millrace.engine.learn;

import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;

/** Least squares. */
final class LinearRegressionLearner implements LinearLearner {
    @Override
    public Set<Task> tasks() {
        return Set.of(Task.REGRESSION);
    }

    @Override
    public int maxClasses() {
        return 0;
    }

    @Override
    public Predictor<?, ?, ?> estimator() {
        return new LinearRegression();
    }

    @Override
    public Matrix coefficients(Model<?> model) {
        double[] row = ((LinearRegressionModel) model).coefficients().toArray();
        return new DenseMatrix(1, row.length, row);
    }
}
