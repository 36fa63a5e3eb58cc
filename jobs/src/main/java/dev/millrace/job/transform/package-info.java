/**
 * The transform job: a table from declared SQL over pinned inputs, with the origin of each column. May enter: what the
 * query may say, how its rows are written. May not: what a plan says ({@code engine.query}), windows, joins as of a moment, labels.
 * Start at {@link dev.millrace.job.transform.TransformJob}.
 */
package dev.millrace.job.transform;
