/**
 * What is recorded of finished runs in the lake itself, and the span of time that a run is about. May enter: what
 * lineage and up-to-date checks need with the registry off (docs/decisions/0003). May not: jobs, metrics. Start at {@link
 * dev.millrace.platform.run.RunRecords}.
 */
package dev.millrace.platform.run;
