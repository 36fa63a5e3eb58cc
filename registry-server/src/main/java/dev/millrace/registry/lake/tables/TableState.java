package dev.millrace.registry.lake.tables;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table at one version, without its rows.
 *
 * @param tableId Delta's id, which a recreated table does not share
 * @param rows absent when a writer did not count them
 * @param bytes of the data files
 * @param readerVersion lowest protocol version a reader must know
 * @param writerVersion lowest protocol version a writer must know
 */
public record TableState(
        TableName table,
        long version,
        String tableId,
        String description,
        List<Field> columns,
        List<String> partitionColumns,
        Map<String, String> properties,
        List<String> tableFeatures,
        int readerVersion,
        int writerVersion,
        Optional<Long> rows,
        long files,
        long bytes) {
    public TableState {
        columns = List.copyOf(columns);
        partitionColumns = List.copyOf(partitionColumns);
        properties = Map.copyOf(properties);
        tableFeatures = List.copyOf(tableFeatures);
    }

    /**
     * A column.
     *
     * @param type as SQL writes it: {@code ARRAY<DOUBLE>}
     * @param comment for people; empty without
     * @param metadata further entries of the schema, as texts
     */
    public record Field(String name, String type, boolean nullable, String comment, Map<String, String> metadata) {
        public Field {
            metadata = Map.copyOf(metadata);
        }
    }
}
