/**
 * The job {@code monitor}: counts what a model was asked and what it answered into the bins of its training profile, per
 * window and slice, and says what drifted.
 *
 * <p>May enter: windows, verdicts and their thresholds, the drift table, the report. May not: formulas ({@code
 * engine.drift}), bins ({@code engine.profile}), retraining.
 *
 * <p>Start at {@link dev.millrace.job.monitoring.MonitorJob}.
 */
package dev.millrace.job.monitoring;
