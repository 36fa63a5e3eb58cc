package dev.millrace.engine.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Measures of predicted amounts. */
public final class RegressionMeasures {
    /** The measures there are; one that cannot be had of some rows is left out. */
    public static final List<String> NAMES = List.of("rmse", "mae", "r2");

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

    /** Bootstrap intervals of {@code rmse} and {@code mae}. O(replicates · n). */
    public static Map<String, Estimate> intervals(double[] predicted, double[] truth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] rmse = new double[Bootstrap.replicates(truth.length)];
        double[] mae = new double[rmse.length];
        int[] weights = new int[truth.length];
        for (int i = 0; i < rmse.length; i++) {
            Bootstrap.draw(random, weights);
            rmse[i] = rmse(predicted, truth, weights);
            mae[i] = mae(predicted, truth, weights);
        }
        Map<String, Double> values = of(predicted, truth);
        Map<String, Estimate> intervals = new LinkedHashMap<>();
        intervals.put("rmse", Bootstrap.interval(values.get("rmse"), rmse));
        intervals.put("mae", Bootstrap.interval(values.get("mae"), mae));
        return intervals;
    }

    private static double mae(double[] predicted, double[] truth, int[] weights) {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < truth.length; i++) {
            sum += weights[i] * Math.abs(predicted[i] - truth[i]);
            total += weights[i];
        }
        return sum / total;
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
