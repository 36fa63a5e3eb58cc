package dev.millrace.registry.resource.tracking;

/**
 * One point of a metric. Infinite values are kept as the greatest double of their sign, as MLflow does.
 *
 * @param value may be NaN
 * @param timestamp epoch milliseconds
 */
public record Metric(String key, double value, long timestamp, long step) implements Comparable<Metric> {
    public Metric {
        if (Double.isInfinite(value)) value = Math.copySign(Double.MAX_VALUE, value);
    }

    /** MLflow's order: the latest is the greatest by step, then timestamp, then value; NaN counts as 0 there. */
    @Override
    public int compareTo(Metric that) {
        int byStep = Long.compare(step, that.step);
        if (byStep != 0) return byStep;
        int byTime = Long.compare(timestamp, that.timestamp);
        return byTime != 0 ? byTime : Double.compare(storedValue(), that.storedValue());
    }

    boolean isNan() {
        return Double.isNaN(value);
    }

    /** What the value column holds: SQLite has no NaN. Negative zero is zero. */
    double storedValue() {
        return isNan() ? 0.0 : value + 0.0;
    }
}
