/**
 * The job {@code ingest}: files into a Delta table, each file once, each record either in the table or in quarantine
 * with its reason. May enter: which files are new, batches and their commits, rules on rows, quarantine. May not: how
 * files become rows (engine.intake). Start at {@link dev.millrace.job.ingest.IngestJob}; docs/decisions/0500 says why
 * files are found by a log of our own.
 */
package dev.millrace.job.ingest;
