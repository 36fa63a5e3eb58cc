package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.lake.tables.DeltaLog;

/**
 * How far the log of a table was read.
 *
 * @param first the oldest commit that was read; -1 before any
 * @param newest the last one that was read
 * @param stamp of the newest one's file: while it is the same, the table is
 * @param problem why it cannot be read further; empty when it can
 */
record ReadTable(long id, long first, long newest, DeltaLog.Stamp stamp, String problem) {
    boolean isRead() {
        return newest >= 0;
    }
}
