package dev.millrace.engine.measure;

import java.util.SplittableRandom;

/**
 * Two models on the same rows.
 *
 * @param gain how much better the second is, with its 95 % interval
 * @param first the first one's figure
 * @param second the second one's figure
 * @param pValue two-sided, of no difference
 */
public record Comparison(double first, double second, Estimate gain, double pValue) {
    private static final double Z95 = 1.959963984540054;

    /**
     * Average precision by paired bootstrap: each replicate weighs the rows alike for both. p = 2·min(share ≤ 0, share
     * ≥ 0), at least 2/(replicates + 1).
     */
    public static Comparison ofAveragePrecision(double[] first, double[] second, boolean[] positive, long seed) {
        Ranking left = Ranking.of(first, positive);
        Ranking right = Ranking.of(second, positive);
        SplittableRandom random = new SplittableRandom(seed);
        double[] gains = new double[Bootstrap.replicates(first.length)];
        int[] weights = new int[first.length];
        int worse = 0;
        int better = 0;
        for (int i = 0; i < gains.length; i++) {
            Bootstrap.draw(random, weights);
            gains[i] = right.averagePrecision(weights) - left.averagePrecision(weights);
            if (gains[i] <= 0) worse++;
            if (gains[i] >= 0) better++;
        }
        double before = left.averagePrecision(null);
        double after = right.averagePrecision(null);
        double tail = (Math.min(worse, better) + 1.0) / (gains.length + 1.0);
        return new Comparison(before, after, Bootstrap.interval(after - before, gains), Math.min(1, 2 * tail));
    }

    /** Area under the ROC curve by DeLong's test. */
    public static Comparison ofAuc(double[] first, double[] second, boolean[] positive) {
        Placements left = Placements.of(Ranking.of(first, positive));
        Placements right = Placements.of(Ranking.of(second, positive));
        double gain = right.auc() - left.auc();
        double variance = left.covariance(left) + right.covariance(right) - 2 * left.covariance(right);
        double deviation = Math.sqrt(Math.max(0, variance));
        double p = deviation == 0 ? 1 : 2 * Normal.upperTail(Math.abs(gain) / deviation);
        Estimate interval = new Estimate(gain, gain - Z95 * deviation, gain + Z95 * deviation);
        return new Comparison(left.auc(), right.auc(), interval, p);
    }

    /**
     * Root mean squared error by paired bootstrap; the gain is first minus second, so that better is positive here too.
     */
    public static Comparison ofRmse(double[] first, double[] second, double[] truth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] gains = new double[Bootstrap.replicates(first.length)];
        int[] weights = new int[first.length];
        int worse = 0;
        int better = 0;
        for (int i = 0; i < gains.length; i++) {
            Bootstrap.draw(random, weights);
            gains[i] = RegressionMeasures.rmse(first, truth, weights) - RegressionMeasures.rmse(second, truth, weights);
            if (gains[i] <= 0) worse++;
            if (gains[i] >= 0) better++;
        }
        double before = RegressionMeasures.rmse(first, truth, null);
        double after = RegressionMeasures.rmse(second, truth, null);
        double tail = (Math.min(worse, better) + 1.0) / (gains.length + 1.0);
        return new Comparison(before, after, Bootstrap.interval(before - after, gains), Math.min(1, 2 * tail));
    }
}
