/**
 * The job {@code train}: from a table with a label to a model directory in the run's artifacts.
 *
 * <p>May enter: what decides features, classes and splits, fitting, what is written of a model. May not: registering,
 * promoting, searching for parameters.
 *
 * <p>Start at {@link dev.millrace.job.training.TrainJob}; {@link dev.millrace.job.training.TrainConfig} is what a user
 * can say.
 */
package dev.millrace.job.training;
