/**
 * The job {@code monitor}: counts what a model was asked and what it answered into the bins of its training profile, per
 * window and slice, and says what drifted.
 *
 * <p>May enter: what is declared, what is read, written and sent, when the job fails. May not: windows, comparisons and
 * their rows ({@code engine.monitor}), formulas ({@code engine.drift}), bins ({@code engine.scan}), retraining.
 *
 * <p>Start at {@link dev.millrace.job.monitoring.MonitorJob}.
 */
package dev.millrace.job.monitoring;
