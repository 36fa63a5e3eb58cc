/**
 * Model directories (CONTRACT §8): what stands in them, and scoring a table with one.
 *
 * <p>May enter: reading and writing of {@code MLmodel} and what lies beside it, as the training profile (CONTRACT §7),
 * scoring of rows. May not: fitting,
 * registries, tables, the session.
 *
 * <p>Start at {@link dev.millrace.engine.model.ModelDirectory} and {@link dev.millrace.engine.model.Scoring}.
 */
package dev.millrace.engine.model;
