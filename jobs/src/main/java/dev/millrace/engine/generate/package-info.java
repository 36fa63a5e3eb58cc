/**
 * Simulated card transactions as rows, and rows as a folder of landing files. May enter: how rows become files by day of
 * arrival. May not: what is simulated ({@code engine.simulate}), sessions, tables. Start at {@link
 * dev.millrace.engine.generate.SimulatedRows}.
 */
package dev.millrace.engine.generate;
