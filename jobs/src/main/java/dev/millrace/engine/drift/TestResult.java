package dev.millrace.engine.drift;

/**
 * What a statistical test says.
 *
 * @param pvalue chance of a statistic at least as great when nothing changed
 */
public record TestResult(double statistic, double pvalue) {}
