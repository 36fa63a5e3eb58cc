/**
 * The flow {@code retrain}: when the data drifted, a challenger is trained and meets the champion on the same rows.
 *
 * <p>May enter: when to retrain, how two models are judged. May not: training, registering and promoting themselves.
 *
 * <p>Start at {@link dev.millrace.flow.retraining.RetrainJob}.
 */
package dev.millrace.flow.retraining;
