package dev.millrace.engine.measure;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Resampling by Poisson(1) weights per row (Hanley and MacGibbon 2006), from a seed. */
final class Bootstrap {
    private static final double[] POISSON = cumulative();

    private Bootstrap() {}

    private static double[] cumulative() {
        double[] cumulative = new double[12];
        double probability = Math.exp(-1);
        double sum = 0;
        for (int k = 0; k < cumulative.length; k++) {
            sum += probability;
            cumulative[k] = sum;
            probability /= k + 1;
        }
        return cumulative;
    }

    /** Fewer replicates of many rows, whose interval is narrow anyhow: at most 2·10⁸ weights are drawn. */
    static int replicates(int rows) {
        return (int) Math.max(100, Math.min(1000, 200_000_000L / Math.max(1, rows)));
    }

    static void draw(SplittableRandom random, int[] weights) {
        for (int i = 0; i < weights.length; i++) {
            double uniform = random.nextDouble();
            int k = 0;
            while (k < POISSON.length && uniform > POISSON[k]) k++;
            weights[i] = k;
        }
    }

    /** Percentile interval of the replicates, 95 %; NaN among them is left out. */
    static Estimate interval(double value, double[] replicates) {
        double[] sorted = Arrays.stream(replicates)
                .filter(replicate -> !Double.isNaN(replicate))
                .sorted()
                .toArray();
        if (sorted.length == 0) return new Estimate(value, Double.NaN, Double.NaN);
        return new Estimate(value, quantile(sorted, 0.025), quantile(sorted, 0.975));
    }

    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
