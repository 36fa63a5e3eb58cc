/**
 * Two-sample drift statistics over binned counts, the correction for many tests, and the verdict on a column. Pure
 * functions of counts.
 *
 * <p>May enter: a distance or a test with its source and its oracle. May not: Spark, I/O, windows and tables (see
 * {@code engine.monitor}).
 *
 * <p>Start at {@link dev.millrace.engine.drift.ColumnDrift}; one file per statistic.
 */
package dev.millrace.engine.drift;
