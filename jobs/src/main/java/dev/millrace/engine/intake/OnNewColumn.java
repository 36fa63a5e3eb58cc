package dev.millrace.engine.intake;

/** What to do with a column the schema does not know. */
public enum OnNewColumn {
    /** The file does not fit. */
    REFUSE,
    /** The table gets the column. */
    ADD,
    /** The column is left out. */
    IGNORE
}
