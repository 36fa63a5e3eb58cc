package dev.millrace.engine.drift;

import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.special.Gamma;

/** Pearson's chi-square of two samples over the same cells. */
public final class ChiSquare {
    private ChiSquare() {}

    /**
     * The contingency form: expected counts come from both samples together, with cells − 1 degrees of freedom, as
     * SciPy's {@code chi2_contingency} on the 2 × cells table. Taking the reference as known shares instead alarms on a
     * third of unchanged columns. Cells empty on both sides do not count. NaN with fewer than two cells or an empty
     * sample.
     *
     * @param perCell added to every cell of both
     */
    public static TestResult contingency(long[] reference, long[] current, double perCell) {
        double left = 0;
        double right = 0;
        int cells = 0;
        for (int i = 0; i < reference.length; i++) {
            left += reference[i] + perCell;
            right += current[i] + perCell;
            if (reference[i] + current[i] + perCell > 0) cells++;
        }
        if (cells < 2 || left == 0 || right == 0) return new TestResult(Double.NaN, Double.NaN);
        double statistic = 0;
        for (int i = 0; i < reference.length; i++) {
            double pooled = reference[i] + current[i] + 2 * perCell;
            if (pooled == 0) continue;
            double expectedLeft = pooled * left / (left + right);
            double expectedRight = pooled * right / (left + right);
            double offLeft = reference[i] + perCell - expectedLeft;
            double offRight = current[i] + perCell - expectedRight;
            statistic += offLeft * offLeft / expectedLeft + offRight * offRight / expectedRight;
        }
        return new TestResult(statistic, upperTail(statistic, cells - 1));
    }

    /** P(χ² with {@code degrees} &gt; {@code statistic}). */
    public static double upperTail(double statistic, int degrees) {
        if (Double.isInfinite(statistic)) return 0;
        return Gamma.regularizedGammaQ(degrees / 2.0, statistic / 2.0);
    }

    /** The 95 % point. */
    public static double critical95(int degrees) {
        return new ChiSquaredDistribution(degrees).inverseCumulativeProbability(0.95);
    }
}
