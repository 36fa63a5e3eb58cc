/**
 * Which points of a parameter space a search tries. Pure functions of the space and a seed.
 *
 * <p>May enter: ways to choose points. May not: Spark, training, what a parameter means.
 *
 * <p>Start at {@link dev.millrace.engine.search.SearchSpace}.
 */
package dev.millrace.engine.search;
