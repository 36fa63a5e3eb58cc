package dev.millrace.engine.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Measures of probabilities of a positive class. Names and values are scikit-learn's; the threshold is 0.5. */
public final class BinaryMeasures {
    /** The measures there are; one that cannot be had of some rows is left out. */
    public static final List<String> NAMES =
            List.of("average_precision", "auc", "log_loss", "brier", "accuracy", "precision", "recall", "f1");

    /** As scikit-learn's {@code log_loss}: a probability of 0 or 1 would give an infinite loss. */
    private static final double LEAST = Math.ulp(1.0);

    private static final double Z95 = 1.959963984540054;

    private BinaryMeasures() {}

    /**
     * @param scores probability of the positive class
     * @param positive the truth
     * @return {@code average_precision}, {@code auc}, {@code log_loss}, {@code brier}, {@code accuracy}, {@code
     *     precision}, {@code recall}, {@code f1}; absent where it is 0/0
     */
    public static Map<String, Double> of(double[] scores, boolean[] positive) {
        Ranking ranking = Ranking.of(scores, positive);
        Map<String, Double> measures = new LinkedHashMap<>();
        put(measures, "average_precision", ranking.averagePrecision(null));
        put(measures, "auc", Placements.of(ranking).auc());
        double loss = 0;
        double brier = 0;
        long[] cells = new long[4];
        for (int i = 0; i < scores.length; i++) {
            double right = positive[i] ? scores[i] : 1 - scores[i];
            loss -= Math.log(Math.max(LEAST, Math.min(1 - LEAST, right)));
            brier += (1 - right) * (1 - right);
            cells[(scores[i] > 0.5 ? 2 : 0) + (positive[i] ? 1 : 0)]++;
        }
        put(measures, "log_loss", loss / scores.length);
        put(measures, "brier", brier / scores.length);
        put(measures, "accuracy", (double) (cells[0] + cells[3]) / scores.length);
        put(measures, "precision", (double) cells[3] / (cells[2] + cells[3]));
        put(measures, "recall", (double) cells[3] / (cells[1] + cells[3]));
        put(measures, "f1", 2.0 * cells[3] / (2.0 * cells[3] + cells[1] + cells[2]));
        return measures;
    }

    private static void put(Map<String, Double> measures, String name, double value) {
        if (Double.isFinite(value)) measures.put(name, value);
    }

    /** Average precision with its bootstrap interval. O(replicates · n). */
    public static Estimate averagePrecision(double[] scores, boolean[] positive, long seed) {
        Ranking ranking = Ranking.of(scores, positive);
        SplittableRandom random = new SplittableRandom(seed);
        double[] replicates = new double[Bootstrap.replicates(scores.length)];
        int[] weights = new int[scores.length];
        for (int i = 0; i < replicates.length; i++) {
            Bootstrap.draw(random, weights);
            replicates[i] = ranking.averagePrecision(weights);
        }
        return Bootstrap.interval(ranking.averagePrecision(null), replicates);
    }

    /** Area under the ROC curve with DeLong's interval. */
    public static Estimate auc(double[] scores, boolean[] positive) {
        Placements placements = Placements.of(Ranking.of(scores, positive));
        double auc = placements.auc();
        double deviation = Math.sqrt(placements.covariance(placements));
        return new Estimate(auc, Math.max(0, auc - Z95 * deviation), Math.min(1, auc + Z95 * deviation));
    }
}
