/**
 * The flow {@code tune}: many trainings, the best of them kept.
 *
 * <p>May enter: which trials run, which is best. May not: how a model is trained (job.training) or how points are chosen
 * (engine.search).
 *
 * <p>Start at {@link dev.millrace.flow.tuning.TuneJob}.
 */
package dev.millrace.flow.tuning;
