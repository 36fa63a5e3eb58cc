/**
 * Arithmetic that rounds once: sums that do not depend on the order of their parts.
 *
 * <p>May enter: exact or error-free arithmetic that two engines need. May not: statistics, Spark, I/O beyond a byte form.
 *
 * <p>Start at {@link dev.millrace.engine.numeric.ExactSum}.
 */
package dev.millrace.engine.numeric;
