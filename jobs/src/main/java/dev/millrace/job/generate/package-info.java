/**
 * Simulated card transactions as landing files or tables. May enter: how simulated rows become files. May not: what is
 * simulated ({@code engine.simulate}). Start at {@link dev.millrace.job.generate.GenerateJob}.
 */
package dev.millrace.job.generate;
