/**
 * Experiments, runs, metrics, params, tags, datasets: MLflow's tracking service. May enter: its rules, and the SQL of its
 * own tables. May not: registered models, files. Start at {@link dev.millrace.registry.resource.tracking.RunService}.
 */
package dev.millrace.registry.resource.tracking;
