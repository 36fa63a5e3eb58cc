/**
 * Registered models, their versions, stages, aliases and tags: MLflow's model registry. May enter: its rules and SQL. May
 * not: runs and files, which it asks for through {@link dev.millrace.registry.resource.models.ModelSources}. Start at {@link
 * dev.millrace.registry.resource.models.ModelVersionService}.
 */
package dev.millrace.registry.resource.models;
