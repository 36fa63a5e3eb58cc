/**
 * What a job is, and how one is run: inputs pinned, fingerprint compared, run recorded; and the tables that several jobs
 * write for the whole lake: quarantine and {@code quality.results}. May enter: what holds for every job; each job itself is
 * a package below. May not: what only some jobs need. Start at {@link dev.millrace.job.Job} and {@link
 * dev.millrace.job.JobRunner}.
 */
package dev.millrace.job;
