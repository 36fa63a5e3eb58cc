/**
 * The job {@code dedup}: one row per key. May enter: rules of which row of a key is kept. May not: likeness of keys that
 * are not equal (engine.linkage). Start at {@link dev.millrace.job.dedup.DedupJob}.
 */
package dev.millrace.job.dedup;
