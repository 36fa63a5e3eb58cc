/**
 * Reading text files record by record, strictly: where each record begins, what its cells are, and what is wrong with
 * it. Plain Java, bounded memory, one pass. May enter: formats of text files and spellings of values. May not: Spark,
 * tables, policies about bad records (see job.ingest). Start at {@link dev.millrace.engine.intake.CsvReader}.
 */
package dev.millrace.engine.intake;
