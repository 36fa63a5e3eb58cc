/**
 * The job {@code dedup}: one row per key. May enter: what is declared and written. May not: which row of a key stays
 * ({@code engine.dedup}). Start at {@link dev.millrace.job.dedup.DedupJob}.
 */
package dev.millrace.job.dedup;
