/**
 * The tables of a lake as their Delta logs tell them: names, commits, schema, size, and a few rows by Delta Kernel,
 * without Spark. Only reads, and only below one folder. May enter: what one table says of itself. May not: what tables
 * and runs say of each other (lineage), anything that keeps rows. Start at {@link
 * dev.millrace.registry.lake.tables.TableService}.
 */
package dev.millrace.registry.lake.tables;
