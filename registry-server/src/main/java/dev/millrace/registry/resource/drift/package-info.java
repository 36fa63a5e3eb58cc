/**
 * Drift of models by window, slice and column, as the monitoring jobs measured it: stored for pages and alerts; the truth is
 * the table {@code monitoring.drift_metrics}. Rows lie in blocks, and what lists need is counted as they are written (decision
 * 0280). May enter: storing, listing and choosing rows. May not: statistics. Start at {@link
 * dev.millrace.registry.resource.drift.DriftService}; the stored form is {@code BlockWriter}'s.
 */
package dev.millrace.registry.resource.drift;
