package dev.millrace.engine.drift;

import java.util.stream.IntStream;

/** Correction for many tests at once. */
public final class FalseDiscovery {
    private FalseDiscovery() {}

    /**
     * p-values adjusted by Benjamini and Hochberg (1995): min over j ≥ k of M·p₍ⱼ₎/j, at most 1. NaN stays NaN and does
     * not count among the M. SciPy's {@code false_discovery_control}.
     */
    public static double[] adjusted(double[] pvalues) {
        int[] order = IntStream.range(0, pvalues.length)
                .filter(i -> !Double.isNaN(pvalues[i]))
                .boxed()
                .sorted((one, other) -> Double.compare(pvalues[one], pvalues[other]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = pvalues.clone();
        double least = 1;
        for (int rank = order.length; rank >= 1; rank--) {
            int index = order[rank - 1];
            least = Math.min(least, pvalues[index] * ((double) order.length / rank));
            adjusted[index] = least;
        }
        return adjusted;
    }
}
