/**
 * Mergeable summaries of columns, and the one pass over a table that fills them.
 *
 * <p>May enter: a summary with a merge and a byte form; reading {@code InternalRow}. May not: a SparkSession, tables,
 * thresholds, reports. What must repeat to the byte stands on order-free summaries alone: counts, {@link
 * dev.millrace.engine.sketch.ExactSum}, {@link dev.millrace.engine.sketch.ValueBins}, {@link
 * dev.millrace.engine.sketch.BottomRows}, and distinct counts read through a union. Moments agree within rounding; KLL
 * quantiles within their rank error.
 *
 * <p>Start at {@link dev.millrace.engine.sketch.Profiler} and {@link dev.millrace.engine.sketch.OnePass}.
 */
package dev.millrace.engine.sketch;
