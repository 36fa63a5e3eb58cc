/**
 * Which rows a model learns from and which it is measured on: what a user may declare, and the mark of each row. Hashes
 * decide, never {@code rand}, so nothing depends on the partitioning of a table.
 *
 * <p>May enter: a way to split ({@link dev.millrace.engine.split.Split}, {@link dev.millrace.engine.split.SetSplit}). May
 * not: labels and when they were known ({@code engine.truth}), sessions, what becomes of the rows.
 *
 * <p>Start at {@link dev.millrace.engine.split.Splits}.
 */
package dev.millrace.engine.split;
