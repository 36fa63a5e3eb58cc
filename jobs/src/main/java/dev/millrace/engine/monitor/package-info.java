/**
 * A model's inputs and predictions against its training rows, window by window: what was counted, how it compares, how
 * good the predictions were, and how all of it stands in tables and on the page.
 *
 * <p>May enter: windows and slices, the rows of the drift and profile tables, the report. May not: formulas ({@code
 * engine.drift}), sessions, writing, exit codes.
 *
 * <p>Start at {@link dev.millrace.engine.monitor.WindowCounts} and {@link dev.millrace.engine.monitor.Comparisons}.
 */
package dev.millrace.engine.monitor;
