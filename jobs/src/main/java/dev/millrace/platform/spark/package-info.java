/**
 * The Spark session, its settings, its failures in words, and its progress. May enter: what is Spark's and no table's.
 * May not: jobs. Start at {@link dev.millrace.platform.spark.SparkSessions}.
 */
package dev.millrace.platform.spark;
