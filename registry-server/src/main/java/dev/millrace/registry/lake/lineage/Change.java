package dev.millrace.registry.lake.lineage;

/**
 * A commit that changed rows.
 *
 * @param runId empty where another program wrote it
 */
record Change(long version, String operation, String runId) {}
