package dev.millrace.engine.model;

/** Columns a native pipeline adds. Names of their own, so that a table may have a column `prediction`. */
public final class NativeColumns {
    public static final String PREDICTION = "_millrace_prediction";
    public static final String PROBABILITY = "_millrace_probability";
    public static final String RAW = "_millrace_raw";

    private NativeColumns() {}
}
