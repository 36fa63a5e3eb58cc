/**
 * How good predictions are, and whether those of one model are better than those of another. Pure functions of arrays.
 *
 * <p>May enter: a measure or a paired test with its source and its oracle. May not: Spark, I/O, gates.
 *
 * <p>Start at {@link dev.millrace.engine.measure.BinaryMeasures} and {@link dev.millrace.engine.measure.Comparison}.
 */
package dev.millrace.engine.measure;
