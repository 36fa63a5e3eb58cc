/**
 * One training around its fit: which columns are features, what the label holds, which rows are marked how, and the model
 * directory that is written.
 *
 * <p>May enter: what is decided before a fit and written after it. May not: algorithms ({@code engine.learn}), the session,
 * the run, other outputs than the model directory.
 *
 * <p>Start at {@link dev.millrace.engine.training.TrainingDeclaration} and {@link
 * dev.millrace.engine.training.MarkedRows}.
 */
package dev.millrace.engine.training;
