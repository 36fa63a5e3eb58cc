package dev.millrace.engine.drift;

import java.util.Arrays;

/** The first Wasserstein distance, ∫ |F − G| dx, in the unit of the values. */
public final class Wasserstein {
    private Wasserstein() {}

    /**
     * Between two sets of weighted points, as SciPy's {@code wasserstein_distance(x, y, wx, wy)}. O(n log n); NaN when
     * one has no weight.
     *
     * @param left positions, in any order; points without weight may be NaN
     */
    public static double distance(double[] left, long[] leftWeights, double[] right, long[] rightWeights) {
        double leftTotal = Arrays.stream(leftWeights).sum();
        double rightTotal = Arrays.stream(rightWeights).sum();
        if (leftTotal == 0 || rightTotal == 0) return Double.NaN;
        int points = left.length + right.length;
        double[][] steps = new double[points][];
        int at = 0;
        for (int i = 0; i < left.length; i++) {
            if (leftWeights[i] > 0) steps[at++] = new double[] {left[i], leftWeights[i], 0};
        }
        for (int i = 0; i < right.length; i++) {
            if (rightWeights[i] > 0) steps[at++] = new double[] {right[i], 0, rightWeights[i]};
        }
        steps = Arrays.copyOf(steps, at);
        Arrays.sort(steps, (one, other) -> Double.compare(one[0], other[0]));
        double sum = 0;
        double leftBelow = 0; // whole numbers below 2^53: exact
        double rightBelow = 0;
        for (int i = 0; i < steps.length; i++) {
            if (i > 0) {
                double width = steps[i][0] - steps[i - 1][0];
                if (width > 0) sum += Math.abs(leftBelow / leftTotal - rightBelow / rightTotal) * width;
            }
            leftBelow += steps[i][1];
            rightBelow += steps[i][2];
        }
        return sum;
    }
}
