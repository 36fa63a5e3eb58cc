package dev.millrace.engine.measure;

import java.util.LinkedHashMap;
import java.util.Map;

/** Measures of predicted amounts. */
public final class RegressionMeasures {
    private RegressionMeasures() {}

    /** {@code rmse}, {@code mae} and {@code r2} (absent when the truth does not vary), as scikit-learn's. */
    public static Map<String, Double> of(double[] predicted, double[] truth) {
        double mean = 0;
        for (double value : truth) mean += value / truth.length;
        double squares = 0;
        double absolute = 0;
        double spread = 0;
        for (int i = 0; i < truth.length; i++) {
            double error = predicted[i] - truth[i];
            squares += error * error;
            absolute += Math.abs(error);
            spread += (truth[i] - mean) * (truth[i] - mean);
        }
        Map<String, Double> measures = new LinkedHashMap<>();
        measures.put("rmse", Math.sqrt(squares / truth.length));
        measures.put("mae", absolute / truth.length);
        if (spread > 0) measures.put("r2", 1 - squares / spread);
        return measures;
    }

    /** @param weights of the rows; null = 1 each */
    static double rmse(double[] predicted, double[] truth, int[] weights) {
        double squares = 0;
        double total = 0;
        for (int i = 0; i < truth.length; i++) {
            double weight = weights == null ? 1 : weights[i];
            squares += weight * (predicted[i] - truth[i]) * (predicted[i] - truth[i]);
            total += weight;
        }
        return Math.sqrt(squares / total);
    }
}
