/**
 * Drift of models by window, slice and column, as the monitoring jobs measured it: kept for pages and alerts; the truth
 * is the table {@code monitoring.drift_metrics}. May enter: keeping and listing rows. May not: statistics. Start at {@link
 * dev.millrace.registry.resource.drift.DriftService}.
 */
package dev.millrace.registry.resource.drift;
