/**
 * The job {@code train}: from a table with a label to a model directory in the run's artifacts.
 *
 * <p>May enter: what is declared, the order of a training, what the run records, the table of the split. May not: splits
 * ({@code engine.split}), features, labels and the model directory ({@code engine.training}), registering, promoting,
 * searching for parameters.
 *
 * <p>Start at {@link dev.millrace.job.training.TrainJob}; {@link dev.millrace.job.training.TrainConfig} is what a user
 * can say.
 */
package dev.millrace.job.training;
