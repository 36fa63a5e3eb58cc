/**
 * The features job: windowed aggregates of a table's events as a feature table with its catalog. May enter: what this
 * job declares, reads and writes. May not: windows ({@code engine.window}) and their Spark side ({@code
 * engine.feature}). Start at {@link dev.millrace.job.features.FeaturesJob}.
 */
package dev.millrace.job.features;
