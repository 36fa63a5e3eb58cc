package dev.millrace.engine.intake;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/** The columns of files with what their values have in common; a mergeable value, one per task. */
final class TypeBuilder implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ReadOptions options;
    private final Map<String, Column> columns = new HashMap<>();
    private transient Map<String, TimeSpelling> times;
    private transient NumberSpelling numbers;

    /** @param file the first one that has the column, where it is at {@code position} */
    private record Column(String file, int position, InferredType type) implements Serializable {
        private static final long serialVersionUID = 1L;

        private boolean isBefore(Column that) {
            int byFile = file.compareTo(that.file);
            return byFile < 0 || (byFile == 0 && position < that.position);
        }

        Column merge(Column that) {
            Column first = isBefore(that) ? this : that;
            return new Column(first.file, first.position, type.merge(that.type));
        }
    }

    TypeBuilder(ReadOptions options) {
        this.options = options;
    }

    /** The type of a column, which is at {@code position} in {@code file}. */
    InferredType column(String name, String file, int position) {
        return columns.merge(name, new Column(file, position, new InferredType()), Column::merge)
                .type();
    }

    /** A key of JSON; keys come in alphabetical order. */
    void value(String key, JsonNode value) {
        String name = options.names().of(key);
        Column column = columns.get(name);
        InferredType type = column == null ? column(name, "", 0) : column.type();
        if (!(value.isTextual() && options.nullValues().contains(value.textValue()))) type.observe(value);
    }

    /** A cell of the column {@code name}, whose type is {@code type}. */
    void cell(String name, InferredType type, String cell, boolean quoted) {
        if (!quoted && options.isNull(cell)) return;
        if (numbers == null) {
            numbers = options.numbers();
            times = new HashMap<>();
        }
        type.observe(cell, numbers, times.computeIfAbsent(name, options::times));
    }

    TypeBuilder merge(TypeBuilder that) {
        that.columns.forEach((name, column) -> columns.merge(name, column, Column::merge));
        return this;
    }

    StructType schema() {
        List<Map.Entry<String, Column>> ordered = new ArrayList<>(columns.entrySet());
        ordered.sort(Comparator.<Map.Entry<String, Column>, String>comparing(
                        column -> column.getValue().file())
                .thenComparing(column -> column.getValue().position())
                .thenComparing(Map.Entry::getKey));
        StructType schema = new StructType();
        for (Map.Entry<String, Column> column : ordered) {
            schema = schema.add(column.getKey(), column.getValue().type().type());
        }
        return schema;
    }
}
