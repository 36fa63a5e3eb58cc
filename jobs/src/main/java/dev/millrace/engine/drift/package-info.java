/**
 * Two-sample drift statistics over binned counts, and the correction for many tests. Pure functions of arrays.
 *
 * <p>May enter: a distance or a test with its source and its oracle. May not: Spark, I/O, thresholds (see
 * {@code job.monitoring}).
 *
 * <p>Start at {@link dev.millrace.engine.drift.Distances} and {@link dev.millrace.engine.drift.TestResult}.
 */
package dev.millrace.engine.drift;
