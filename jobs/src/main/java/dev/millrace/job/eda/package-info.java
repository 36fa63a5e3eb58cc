/**
 * The job {@code eda}: profiles a table in one pass, keeps the profile as mergeable sketches, and shows it to people.
 *
 * <p>May enter: what is declared, which tables are written. May not: alerts, rows and the report ({@code engine.eda}),
 * sketches themselves ({@code engine.scan}), drift.
 *
 * <p>Start at {@link dev.millrace.job.eda.EdaJob}.
 */
package dev.millrace.job.eda;
