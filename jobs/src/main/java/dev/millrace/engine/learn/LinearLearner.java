package dev.millrace.engine.learn;

import dev.millrace.engine.onnx.FeaturePlan;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Matrix;

/** A linear model with MLlib's elastic net, standardised inside the fit; categories one-hot. */
interface LinearLearner extends Learner {
    /** MLlib's estimator, with its defaults. */
    Predictor<?, ?, ?> estimator();

    /** A row per equation that was fitted, a column per element of the vector. */
    Matrix coefficients(Model<?> model);

    @Override
    default List<Params.Known> params() {
        return List.of(
                Params.Known.whole("max-iter", 100, 0, 100_000),
                Params.Known.number("reg-param", 0, 0, 1e9),
                Params.Known.number("elastic-net-param", 0, 0, 1),
                Params.Known.number("tol", 1e-6, 0, 1));
    }

    @Override
    default FeaturePlan.Encoding encoding() {
        return FeaturePlan.Encoding.ONE_HOT;
    }

    @Override
    default Predictor<?, ?, ?> predictor(Task task, Params params, int mostCategories) {
        Predictor<?, ?, ?> predictor = estimator();
        predictor.set("maxIter", params.count("max-iter"));
        predictor.set("regParam", params.number("reg-param"));
        predictor.set("elasticNetParam", params.number("elastic-net-param"));
        predictor.set("tol", params.number("tol"));
        return predictor;
    }

    /** |coefficient| × standard deviation; of several equations the sum. */
    @Override
    default double[] importances(Model<?> model, double[] deviations) {
        Matrix coefficients = coefficients(model);
        double[] weights = new double[deviations.length];
        for (int row = 0; row < coefficients.numRows(); row++) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] += Math.abs(coefficients.apply(row, i)) * deviations[i];
            }
        }
        return weights;
    }

    @Override
    default String size(Model<?> model) {
        return ((PredictionModel<?, ?>) model).numFeatures() + " coefficients";
    }
}
