package dev.millrace.engine.measure;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How good predictions are: one set of measures for training, evaluation and monitoring.
 *
 * @param rows judged
 * @param measures by scikit-learn's names, absent where they are 0/0
 * @param intervals 95 %, of those that have one
 */
public record Scorecard(int rows, Map<String, Double> measures, Map<String, Estimate> intervals)
        implements Serializable {
    /** Bins of the expected calibration error. */
    private static final int BINS = 10;

    /** Which intervals are computed. */
    public enum Intervals {
        ALL,
        /** Those with a formula; a bootstrap costs a thousand times its measure. */
        WITHOUT_BOOTSTRAP
    }

    /**
     * @param threshold from which probability on a row counts as positive; of two classes only
     * @param seed of the bootstrap
     */
    public static Scorecard of(Judged judged, double threshold, long seed, Intervals intervals) {
        boolean all = intervals == Intervals.ALL;
        if (judged instanceof Judged.Amounts amounts) {
            return new Scorecard(
                    judged.rows(),
                    RegressionMeasures.of(amounts.predicted(), amounts.truth()),
                    all ? RegressionMeasures.intervals(amounts.predicted(), amounts.truth(), seed) : Map.of());
        }
        if (judged instanceof Judged.Several several) {
            return new Scorecard(
                    judged.rows(), MulticlassMeasures.of(several.probabilities(), several.truth()), Map.of());
        }
        if (judged instanceof Judged.Binary binary) return binary(binary, threshold, seed, all);
        throw new AssertionError(judged);
    }

    private static Scorecard binary(Judged.Binary judged, double threshold, long seed, boolean bootstrap) {
        double[] scores = judged.scores();
        boolean[] positive = judged.positive();
        Map<String, Double> measures = new LinkedHashMap<>(BinaryMeasures.of(scores, positive));
        Map<String, Estimate> intervals = new LinkedHashMap<>();
        if (measures.containsKey("auc")) {
            if (bootstrap) intervals.put("average_precision", BinaryMeasures.averagePrecision(scores, positive, seed));
            intervals.put("auc", BinaryMeasures.auc(scores, positive));
        }
        Curves.Confusion cells = Curves.confusion(scores, positive, threshold);
        measures.putAll(cells.measures());
        intervals.putAll(cells.intervals());
        measures.put("positive_share", (double) cells.positives() / judged.rows());
        measures.put("ece", Curves.calibrationError(scores, positive, BINS));
        return new Scorecard(judged.rows(), measures, intervals);
    }

    /** For people: {@code 0.7314 (0.7021 to 0.7588)}, by name after {@code prefix}. */
    public Map<String, Object> printed(String prefix) {
        Map<String, Object> printed = new LinkedHashMap<>();
        measures.forEach((name, value) -> printed.put(
                prefix + name,
                intervals.containsKey(name)
                        ? intervals.get(name).toString()
                        : String.format(Locale.ROOT, "%.4f", value)));
        return printed;
    }

    /** Measures and the ends of their intervals ({@code auc}, {@code auc_low}, {@code auc_high}), after {@code prefix}. */
    public Map<String, Double> metrics(String prefix) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        measures.forEach((name, value) -> metrics.put(prefix + name, value));
        intervals.forEach((name, interval) -> {
            metrics.put(prefix + name + "_low", interval.low());
            metrics.put(prefix + name + "_high", interval.high());
        });
        return metrics;
    }
}
