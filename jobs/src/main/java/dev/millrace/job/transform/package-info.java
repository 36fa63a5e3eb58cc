/**
 * The transform job: a table from declared SQL over pinned inputs, with the origin of each column. May enter: what the
 * query may say, what is read of its plan, how its rows are written. May not: windows, joins as of a moment, labels.
 * Start at {@link dev.millrace.job.transform.TransformJob}.
 */
package dev.millrace.job.transform;
