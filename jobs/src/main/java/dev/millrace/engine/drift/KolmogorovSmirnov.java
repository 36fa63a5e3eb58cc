package dev.millrace.engine.drift;

/** The two-sample Kolmogorov–Smirnov test on counts in ordered bins. */
public final class KolmogorovSmirnov {
    private KolmogorovSmirnov() {}

    /**
     * D is the greatest difference of the two cumulative shares at a bin's end. It is never above that of the raw
     * values, and below it by {@link #errorBound} at most; so its p-value is never too small. NaN when a side is empty.
     */
    public static TestResult ofBins(long[] reference, long[] current) {
        double left = total(reference);
        double right = total(current);
        if (left == 0 || right == 0) return new TestResult(Double.NaN, Double.NaN);
        long below = 0;
        long belowCurrent = 0;
        double largest = 0;
        for (int i = 0; i < reference.length; i++) {
            below += reference[i];
            belowCurrent += current[i];
            largest = Math.max(largest, Math.abs(below / left - belowCurrent / right));
        }
        return new TestResult(largest, pvalue(largest, left, right));
    }

    /**
     * How far D of the raw values can be above D of the bins: inside a bin one cumulative share can run ahead of the
     * other by no more than the smaller of the two shares in it. So it is at most the largest bin's share, and 0 for
     * bins that hold a single value.
     *
     * @param isPoint bins that hold a single value
     */
    public static double errorBound(long[] reference, long[] current, boolean[] isPoint) {
        double left = total(reference);
        double right = total(current);
        if (left == 0 || right == 0) return Double.NaN;
        double bound = 0;
        for (int i = 0; i < reference.length; i++) {
            if (!isPoint[i]) bound = Math.max(bound, Math.min(reference[i] / left, current[i] / right));
        }
        return bound;
    }

    private static double total(long[] counts) {
        long sum = 0;
        for (long count : counts) sum += count;
        return sum;
    }

    /** Asymptotic, with Stephens' correction (1970): Q((√N + 0.12 + 0.11/√N)·D), N = nm/(n+m). */
    public static double pvalue(double statistic, double reference, double current) {
        double root = Math.sqrt(reference / (reference + current) * current);
        return kolmogorov((root + 0.12 + 0.11 / root) * statistic);
    }

    /**
     * 2 Σ (−1)^{k−1} exp(−2k²λ²), SciPy's {@code kolmogorov}; by its theta-function twin where that is faster. Ours
     * because commons-math3's {@code ksSum} is one minus this: it loses every p-value below 1e-16, by which
     * Benjamini–Hochberg orders the columns that changed most.
     */
    static double kolmogorov(double lambda) {
        if (Double.isNaN(lambda)) return Double.NaN;
        if (lambda < 0.04) return 1; // the difference from 1 is below 1e-300
        if (lambda < 1.18) {
            double factor = -Math.PI * Math.PI / (8 * lambda * lambda);
            double sum = 0;
            for (int k = 7; k >= 1; k -= 2) sum += Math.exp(factor * k * k);
            return 1 - Math.sqrt(2 * Math.PI) / lambda * sum;
        }
        double sum = 0;
        for (int k = 6; k >= 1; k--) {
            double term = Math.exp(-2.0 * k * k * lambda * lambda);
            sum += k % 2 == 1 ? term : -term;
        }
        return 2 * sum;
    }
}
