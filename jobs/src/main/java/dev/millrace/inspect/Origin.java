package dev.millrace.inspect;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What a row of a prediction table says of its making (CONTRACT §5); each part is absent where the table has no such
 * column, or NULL in it.
 */
record Origin(Optional<String> runId, Optional<String> model, Optional<String> input) {
    private static final int MOST = 20;

    /** @throws MillraceException NOT_FOUND when no row has this key; SCHEMA_MISMATCH for an unknown column */
    static List<Origin> of(RowKey key, TableVersion table) {
        table.require(key.columns().keySet());
        Dataset<Row> rows = table.rows().where(condition(key, table));
        List<Row> found = rows.select(
                        text(table, "run_id"),
                        text(table, "model_name"),
                        text(table, "model_version"),
                        text(table, "input_table"),
                        text(table, "input_version"))
                .distinct()
                .limit(MOST)
                .collectAsList();
        if (found.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.NOT_FOUND,
                    "No row of `" + table.printed() + "` has " + String.join(", ", shown(key.columns())) + ".");
        }
        return found.stream()
                .map(row -> new Origin(
                        Optional.ofNullable(row.getString(0)), joined(row, 1, "model:%s/%s"), joined(row, 3, "%s@%s")))
                .toList();
    }

    private static Column condition(RowKey key, TableVersion table) {
        Column condition = functions.lit(true);
        for (Map.Entry<String, String> column : key.columns().entrySet()) {
            var type = table.schema().apply(column.getKey()).dataType();
            condition = condition.and(Columns.named(column.getKey())
                    .equalTo(functions.lit(column.getValue()).try_cast(type)));
        }
        return condition;
    }

    private static Column text(TableVersion table, String column) {
        Column value = table.has(column) ? Columns.named(column) : functions.lit(null);
        return value.cast("string").as(column);
    }

    private static Optional<String> joined(Row row, int first, String format) {
        if (row.isNullAt(first) || row.isNullAt(first + 1)) return Optional.empty();
        return Optional.of(String.format(format, row.getString(first), row.getString(first + 1)));
    }

    private static List<String> shown(Map<String, String> columns) {
        List<String> shown = new ArrayList<>();
        columns.forEach((column, value) -> shown.add("`" + column + "` = " + value));
        return shown;
    }

    /** What can be said without the run's own traces: the row's model and input, or the table it is in. */
    List<String> named(TableVersion table) {
        List<String> named = new ArrayList<>();
        model.ifPresent(named::add);
        input.ifPresent(named::add);
        return named.isEmpty() ? List.of(table.printed()) : named;
    }
}
