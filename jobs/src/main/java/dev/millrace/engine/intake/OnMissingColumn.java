package dev.millrace.engine.intake;

/** What to do when a file lacks a column. */
public enum OnMissingColumn {
    /** The file does not fit. */
    REFUSE,
    /** The column is NULL in the file's rows. */
    FILL
}
