/**
 * Reading files into checked rows: where each record begins, what its values are, what is wrong with it, and which types
 * hold all of them exactly. Text files record by record with bounded memory; Parquet and ORC by Spark's readers where
 * they are exact. May enter: formats of files ({@link dev.millrace.engine.intake.SourceFormat}: one class and one
 * constant of {@link dev.millrace.engine.intake.FileFormat}), spellings of values, casts. May not: sessions, tables,
 * what becomes of bad records (see engine.landing and job.ingest). Start at {@link dev.millrace.engine.intake.Intake}.
 */
package dev.millrace.engine.intake;
