/**
 * One row per key. May enter: which of several rows stays. May not: tables, sessions. Start at {@link
 * dev.millrace.engine.dedup.LatestPerKey}.
 */
package dev.millrace.engine.dedup;
