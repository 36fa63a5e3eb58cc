package dev.millrace.engine.drift;

/**
 * Distances between two discrete distributions over the same cells, given as shares that sum to 1. Each is one pass
 * over the cells. {@code jobs/src/test/resources/oracle/drift.py} holds them equal to NumPy and SciPy.
 */
public final class Distances {
    private static final double LN2 = Math.log(2);

    private Distances() {}

    /**
     * Shares of counts after adding {@code perCell} to every cell: (c + perCell) / (n + perCell · cells).
     *
     * @return NaN in every cell when there is nothing to divide by
     */
    public static double[] shares(long[] counts, double perCell) {
        double total = perCell * counts.length;
        for (long count : counts) total += count;
        double[] shares = new double[counts.length];
        for (int i = 0; i < shares.length; i++) shares[i] = (counts[i] + perCell) / total;
        return shares;
    }

    /** Σ (a − e) ln(a / e), the population stability index (Lewis 1994). Infinite where one share is 0. */
    public static double psi(double[] reference, double[] current) {
        double sum = 0;
        for (int i = 0; i < reference.length; i++) {
            if (reference[i] == current[i]) continue;
            sum += (current[i] - reference[i]) * Math.log(current[i] / reference[i]);
        }
        return sum;
    }

    /**
     * √(½ KL(a‖m) + ½ KL(e‖m)) with m the mean, logarithms to base 2: between 0 and 1. SciPy's {@code
     * jensenshannon(e, a, base=2)}.
     */
    public static double jensenShannon(double[] reference, double[] current) {
        double sum = 0;
        for (int i = 0; i < reference.length; i++) {
            double mean = (reference[i] + current[i]) / 2;
            sum += information(reference[i], mean) + information(current[i], mean);
        }
        return Math.sqrt(Math.max(0, sum / 2 / LN2));
    }

    private static double information(double share, double mean) {
        return share == 0 ? 0 : share * Math.log(share / mean);
    }

    /** ½ Σ |a − e|. */
    public static double totalVariation(double[] reference, double[] current) {
        double sum = 0;
        for (int i = 0; i < reference.length; i++) sum += Math.abs(current[i] - reference[i]);
        return sum / 2;
    }

    /** max |a − e|. */
    public static double lInfinity(double[] reference, double[] current) {
        double largest = 0;
        for (int i = 0; i < reference.length; i++) largest = Math.max(largest, Math.abs(current[i] - reference[i]));
        return largest;
    }

    /** √(½ Σ (√a − √e)²), which is √(1 − Σ √(a·e)) without its cancellation. */
    public static double hellinger(double[] reference, double[] current) {
        double sum = 0;
        for (int i = 0; i < reference.length; i++) {
            double gap = Math.sqrt(current[i]) - Math.sqrt(reference[i]);
            sum += gap * gap;
        }
        return Math.sqrt(sum / 2);
    }
}
