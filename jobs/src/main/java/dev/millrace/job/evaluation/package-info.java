/**
 * The job {@code evaluate}: how good a model is on a table with labels, with intervals, curves and slices.
 *
 * <p>May enter: what is declared, measured and recorded. May not: the rows that are judged and the page ({@code
 * engine.evaluation}), measures themselves ({@code engine.measure}), scoring ({@code engine.model}), gates.
 *
 * <p>Start at {@link dev.millrace.job.evaluation.EvaluateJob}.
 */
package dev.millrace.job.evaluation;
