package dev.millrace.engine.measure;

/** The standard normal distribution. */
final class Normal {
    private Normal() {}

    /**
     * P(Z &gt; z) for z ≥ 0, relative error below 1.2·10⁻⁷: the Chebyshev fit of erfc in Press et al., Numerical
     * Recipes, 3rd edition, §6.2.2.
     */
    static double upperTail(double z) {
        double x = z / Math.sqrt(2);
        double t = 1 / (1 + 0.5 * x);
        double[] factors = {
            -1.26551223,
            1.00002368,
            0.37409196,
            0.09678418,
            -0.18628806,
            0.27886807,
            -1.13520398,
            1.48851587,
            -0.82215223,
            0.17087277
        };
        double sum = 0;
        for (int i = factors.length - 1; i >= 0; i--) sum = sum * t + factors[i];
        return 0.5 * t * Math.exp(-x * x + sum);
    }
}
