/**
 * The job {@code ingest}: files into a Delta table, each file once, each record either in the table or in quarantine
 * with its reason. May enter: what turns files into checked rows, and the log of files taken. May not: how text is
 * split into records (engine.intake). Start at {@link dev.millrace.job.ingest.IngestJob}; docs/decisions/0500 says why
 * files are found by a log of our own.
 */
package dev.millrace.job.ingest;
