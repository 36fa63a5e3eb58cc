/**
 * Where table versions, runs and model versions come from and what used them: a graph, walked over commits and run
 * records of the lake (decision 0003), helped by what the registry knows of runs. The same walk as the jobs' {@code
 * millrace lineage}. May enter: what things say of each other. May not: rows, anything that writes. Start at {@link
 * dev.millrace.registry.lake.lineage.LineageWalk}.
 */
package dev.millrace.registry.lake.lineage;
