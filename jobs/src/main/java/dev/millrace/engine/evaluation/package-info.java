/**
 * The rows a model is judged on and the page about it. May enter: where predictions and labels of an evaluation come
 * from, its report. May not: measures ({@code engine.measure}), when a label was known ({@code engine.truth}), sessions,
 * the run. Start at {@link dev.millrace.engine.evaluation.JudgedSource}.
 */
package dev.millrace.engine.evaluation;
