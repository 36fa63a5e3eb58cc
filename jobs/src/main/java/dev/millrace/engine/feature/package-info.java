/**
 * Features over Spark rows: windowed aggregates and as-of joins, each with one shuffle by entity and one sort. May
 * enter: declarations that more than one job reads, and the adapters that feed {@code engine.window}. May not: tables,
 * sessions, the arithmetic of windows. Start at {@link dev.millrace.engine.feature.WindowedRows} and {@link
 * dev.millrace.engine.feature.AsOfRows}.
 */
package dev.millrace.engine.feature;
