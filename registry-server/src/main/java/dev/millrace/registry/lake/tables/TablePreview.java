package dev.millrace.registry.lake.tables;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Set;

/**
 * Some rows of a table at one version.
 *
 * @param columns those that were read
 * @param columnsLeftOut how many more the table has
 * @param rows each an array with a value per column
 * @param more whether the table has further rows
 * @param cut columns of which a value is shown in part
 */
public record TablePreview(
        TableName table,
        long version,
        List<TableState.Field> columns,
        int columnsLeftOut,
        List<ArrayNode> rows,
        boolean more,
        Set<String> cut) {
    public TablePreview {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        cut = Set.copyOf(cut);
    }
}
