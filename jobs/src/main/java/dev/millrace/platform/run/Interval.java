package dev.millrace.platform.run;

import java.time.Instant;

/** A half-open span of time, start included, end not. */
public record Interval(Instant start, Instant end) {
    public Interval {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("The interval ends (" + end + ") before it begins (" + start + ").");
        }
    }

    /** SQL condition on a TIMESTAMP column, given as it must stand in SQL. */
    public String where(String quotedColumn) {
        return quotedColumn + " >= TIMESTAMP '" + start + "' AND " + quotedColumn + " < TIMESTAMP '" + end + "'";
    }

    /** {@code start/end}, ISO-8601. */
    @Override
    public String toString() {
        return start + "/" + end;
    }
}
