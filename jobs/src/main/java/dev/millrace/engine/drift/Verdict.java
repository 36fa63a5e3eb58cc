package dev.millrace.engine.drift;

/** What monitoring says of a column in a window. */
public enum Verdict {
    OK,
    WATCH,
    DRIFT,
    NOT_ENOUGH_DATA;

    /** As it stands in the table: {@code not_enough_data}. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Drift needs significance after the correction for many tests, a large effect, and enough rows on both sides.
     *
     * @param adjusted NaN when there was nothing to test, as in a column that is constant on both sides
     */
    public static Verdict of(long reference, long current, ColumnDrift drift, double adjusted, Thresholds thresholds) {
        if (Math.min(reference, current) < thresholds.minRows()) return NOT_ENOUGH_DATA;
        boolean significant = adjusted <= thresholds.significance();
        double ratio = drift.effect().ratio();
        if (!significant || !(ratio >= thresholds.watch())) return OK;
        return ratio >= 1 ? DRIFT : WATCH;
    }
}
