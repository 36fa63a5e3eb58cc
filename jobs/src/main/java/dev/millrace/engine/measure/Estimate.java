package dev.millrace.engine.measure;

import java.io.Serializable;

/**
 * A figure with its 95 % interval.
 *
 * @param value on the rows as they are
 * @param low lower end
 * @param high upper end
 */
public record Estimate(double value, double low, double high) implements Serializable {
    /** {@code 0.731 (0.702 to 0.758)}. */
    @Override
    public String toString() {
        return String.format(java.util.Locale.ROOT, "%.4f (%.4f to %.4f)", value, low, high);
    }
}
