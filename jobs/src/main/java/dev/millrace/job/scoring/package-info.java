/**
 * The job {@code score}: a table of predictions from a table and a model.
 *
 * <p>May enter: what to read, how to write it, the columns of CONTRACT §5. May not: the running of models (engine.model).
 *
 * <p>Start at {@link dev.millrace.job.scoring.ScoreJob}.
 */
package dev.millrace.job.scoring;
