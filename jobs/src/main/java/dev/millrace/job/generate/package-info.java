/**
 * Simulated card transactions as landing files or tables. May enter: what is declared, which files and tables are written.
 * May not: what is simulated ({@code engine.simulate}), how rows become files ({@code engine.generate}). Start at {@link dev.millrace.job.generate.GenerateJob}.
 */
package dev.millrace.job.generate;
