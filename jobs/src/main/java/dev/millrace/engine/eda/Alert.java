package dev.millrace.engine.eda;

/**
 * Something in a column that a person should look at.
 *
 * @param kind a short, stable name, as it stands in {@code profile_metrics.alerts}: {@code high_missing}
 * @param column {@code :table} for the table
 * @param text with the figure
 */
public record Alert(Level level, String kind, String column, String text) {
    /** How much it matters. */
    public enum Level {
        ERROR,
        WARNING,
        NOTE
    }
}
