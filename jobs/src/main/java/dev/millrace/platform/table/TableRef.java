package dev.millrace.platform.table;

import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.FromText;
import dev.millrace.platform.config.Min;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A table a job reads.
 *
 * @param table {@code schema.table}, or the path or URI of a Delta table
 * @param version the Delta version to read; the newest when neither this nor {@code timestamp} is given
 * @param timestamp read what was the newest version then
 * @param where SQL condition on the rows
 * @param columns the columns to read; empty = all
 */
public record TableRef(
        @Doc("schema.table, or path or URI of a Delta table") String table,
        @Doc("Delta version to read; default: the latest") @Min(0) Optional<Long> version,
        @Doc("read the version that was the latest at that time") Optional<Instant> timestamp,
        @Doc("SQL condition on the rows") Optional<String> where,
        @Doc("columns to read; default: all") List<String> columns) {

    public TableRef {
        columns = List.copyOf(columns);
        if (version.isPresent() && timestamp.isPresent()) {
            throw new IllegalArgumentException("sets both `version` and `timestamp`; remove one of them");
        }
        if (!isLocation(table)) TableName.parse(table);
    }

    /** The newest version, every row and column. */
    @FromText
    public static TableRef parse(String text) {
        return new TableRef(text, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    /** The newest version of a table of the lake. */
    public static TableRef of(TableName name) {
        return parse(name.toString());
    }

    /** This reference at a fixed version. */
    public TableRef at(long fixed) {
        return new TableRef(table, Optional.of(fixed), Optional.empty(), where, columns);
    }

    /** The name in the lake; empty for a path or URI. */
    public Optional<TableName> name() {
        return isLocation(table) ? Optional.empty() : Optional.of(TableName.parse(table));
    }

    private static boolean isLocation(String text) {
        return text.contains("/") || text.contains("\\");
    }
}
