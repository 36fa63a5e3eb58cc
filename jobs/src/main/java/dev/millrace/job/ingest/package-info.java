/**
 * The job {@code ingest}: files into a Delta table, each file once, each record either in the table or in quarantine
 * with its reason. May enter: batches and their commits, quarantine. May not: which files are new and rules on rows
 * ({@code engine.landing}), how files become rows ({@code engine.intake}). Start at {@link dev.millrace.job.ingest.IngestJob}; docs/decisions/0500 says why
 * files are found by a log of our own.
 */
package dev.millrace.job.ingest;
