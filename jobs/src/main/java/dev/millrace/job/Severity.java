package dev.millrace.job;

import java.util.Locale;

/** What happens where a row breaks a rule. */
public enum Severity {
    /** Nothing is written. */
    FAIL,
    /** The row goes to quarantine, the others are written. */
    QUARANTINE,
    /** The row is written; the rows that break the rule are counted and reported. */
    WARN;

    /** As in job files and in {@code quality.results}. */
    public String printed() {
        return name().toLowerCase(Locale.ROOT);
    }
}
