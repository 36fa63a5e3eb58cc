/**
 * Mergeable summaries of columns, and the one pass over a table that fills them: the profile of a table, and columns
 * counted into fixed bins per window and slice (CONTRACT §7).
 *
 * <p>May enter: a summary with a merge and a byte form; reading {@code InternalRow}. May not: a SparkSession, tables,
 * thresholds, reports. What must repeat to the byte stands on order-free summaries alone: counts, {@link
 * dev.millrace.engine.numeric.ExactSum}, {@link dev.millrace.engine.scan.ValueBins}, {@link
 * dev.millrace.engine.scan.BottomRows}, and distinct counts read through a union. Mean and standard
 * deviation are exact; higher moments agree within rounding, KLL quantiles within their rank error.
 *
 * <p>Start at {@link dev.millrace.engine.scan.Profiler}, {@link dev.millrace.engine.scan.BinCounting} and {@link
 * dev.millrace.engine.scan.Scan}.
 */
package dev.millrace.engine.scan;
