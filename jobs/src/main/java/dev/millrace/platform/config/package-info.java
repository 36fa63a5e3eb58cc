/**
 * Job files: YAML with places, bound strictly to records, and the JSON Schema published for them. May enter: what any
 * job file may contain. May not: knowledge of a particular job. Start at {@link
 * dev.millrace.platform.config.Binder}; {@link dev.millrace.platform.config.JobFile} reads a whole file.
 */
package dev.millrace.platform.config;
