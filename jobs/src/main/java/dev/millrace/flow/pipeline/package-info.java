/**
 * Runs the steps of a pipeline one after the other in one Spark application. May enter: how steps are ordered, skipped
 * and told of. May not: what a step does. Start at {@link dev.millrace.flow.pipeline.Pipeline}.
 */
package dev.millrace.flow.pipeline;
