package dev.millrace.engine.scan;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Profiles every column of a table in one pass without a shuffle; a slice doubles the work per row. Memory per task, group
 * and column: about 100 KiB at most, and the sample.
 *
 * @param slices columns whose values are profiled apart
 * @param sample rows kept of the table; slices keep a sixteenth
 * @param seed of the sample
 * @param correlations whether to gather co-moments, of the first 64 numbers
 */
public record Profiler(List<String> slices, int sample, long seed, boolean correlations) {
    private static final int MAX_CORRELATED = 64;

    public Profiler {
        slices = List.copyOf(slices);
    }

    /** @param rows the columns to profile and the slices; a column of these only is profiled too */
    public TableProfile of(Dataset<Row> rows, List<String> names) {
        List<ColumnKind> kinds = new ArrayList<>();
        List<String> types = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        List<Column> hashed = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        for (String name : names) {
            StructField field = rows.schema().apply(name);
            ColumnKind kind = ColumnKind.of(field.dataType());
            kinds.add(kind);
            types.add(field.dataType().simpleString());
            Column column = read(Columns.named(name), kind);
            columns.add(column);
            if (kind != ColumnKind.OTHER) hashed.add(column);
            if (correlations && kind.isNumber() && numbers.size() < MAX_CORRELATED) numbers.add(name);
        }
        for (String slice : slices) columns.add(Columns.named(slice).cast(DataTypes.StringType));
        hashed.add(functions.lit(seed));
        columns.add(functions.xxhash64(hashed.toArray(Column[]::new)));
        List<Column> numbered = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) numbered.add(columns.get(i).as("c" + i));
        ProfileSummary summary = new ProfileSummary(
                new ArrayList<>(kinds),
                new ArrayList<>(slices),
                sample,
                new ArrayList<>(numbers.stream().map(names::indexOf).toList()));
        ProfileSummary.State state = summary.state(OnePass.over(rows.select(numbered.toArray(Column[]::new)), summary));
        Map<TableProfile.Slice, TableProfile.Part> parts = new LinkedHashMap<>();
        state.slices()
                .forEach((key, part) ->
                        parts.put(new TableProfile.Slice(slices.get(key.slice()), key.value()), part.finished()));
        return new TableProfile(names, kinds, types, state.whole().finished(), parts, numbers, state.comoments());
    }

    private static Column read(Column column, ColumnKind kind) {
        return switch (kind) {
            case INTEGER -> column.cast(DataTypes.LongType);
            case NUMBER -> column.cast(DataTypes.DoubleType);
            case TIME -> column.cast(DataTypes.TimestampType).cast(DataTypes.DoubleType);
            case BOOLEAN, TEXT -> column;
            case OTHER -> functions.when(column.isNotNull(), true);
        };
    }
}
