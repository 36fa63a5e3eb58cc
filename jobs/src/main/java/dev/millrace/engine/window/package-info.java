/**
 * Sliding windows over the events of one entity, exact and as of a moment. One pass over sorted events serves every
 * window and every aggregate. Plain Java. May enter: aggregates that can be kept while events come and go. May not:
 * Spark, tables, declarations. Start at {@link dev.millrace.engine.window.EntityWindows}.
 */
package dev.millrace.engine.window;
