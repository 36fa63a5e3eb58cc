package dev.millrace.engine.numeric;

/**
 * A number as the unevaluated sum of two doubles, about 32 decimal digits (Dekker, "A Floating-Point Technique for
 * Extending the Available Precision", 1971). Only what a variance needs.
 */
public record DoubleDouble(double high, double low) {
    public static final DoubleDouble ZERO = new DoubleDouble(0, 0);

    /** The exact sum of both. */
    public static DoubleDouble of(double a, double b) {
        double sum = a + b;
        double part = sum - a;
        return new DoubleDouble(sum, (a - (sum - part)) + (b - part));
    }

    /** The same with the other sign. */
    public DoubleDouble negated() {
        return new DoubleDouble(-high, -low);
    }

    /** The difference. */
    public DoubleDouble minus(DoubleDouble that) {
        DoubleDouble highs = of(high, -that.high);
        return of(highs.high, highs.low + (low - that.low));
    }

    /** The product. */
    public DoubleDouble times(DoubleDouble that) {
        double product = high * that.high;
        double rest = Math.fma(high, that.high, -product) + (high * that.low + low * that.high);
        return of(product, rest);
    }

    /** The product. */
    public DoubleDouble times(double factor) {
        return times(new DoubleDouble(factor, 0));
    }

    /** The quotient, rounded. */
    public double over(double divisor) {
        double quotient = high / divisor;
        double rest = Math.fma(-quotient, divisor, high) + low;
        double better = quotient + rest / divisor;
        return Double.isFinite(better) ? better : quotient;
    }
}
