package dev.millrace.platform.table;

/**
 * What a write left behind.
 *
 * @param table name in the lake
 * @param tableId Delta's id of the table
 * @param version the version that now holds the rows
 * @param rowsWritten rows this write added or changed; 0 when the write had been done before
 */
public record Commit(String table, String tableId, long version, long rowsWritten) {
    /** {@code raw.transactions@3}. */
    public String printed() {
        return table + "@" + version;
    }
}
