package dev.millrace.engine.truth;

import dev.millrace.platform.table.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** The newest label of each key, as of a moment. */
public final class NewestLabels {
    /** TIMESTAMP: when the label arrived; NULL where the source declares no creation column. */
    public static final String ARRIVED = "_millrace_label_arrived";

    private static final String NEWEST = "_millrace_newest";

    private NewestLabels() {}

    /**
     * One row per key with a label. Of several labels of a key the one that arrived last counts; of those that arrived
     * at one moment the greatest, so that the result depends on the rows alone. Rows whose taken columns are all NULL
     * are no labels; with a creation column, rows that never arrived (NULL) are none either.
     *
     * <p>Cost: one pass, one shuffle of at most one row per key and partition.
     *
     * @param labels the table of labels, with {@code keys}, the taken columns and the creation column
     * @param keys columns of {@code labels} that identify whose label it is; NULL keys are equal to each other
     * @param taken columns to take, at least one
     * @param createdColumn when a label arrived
     * @param moment labels that arrived later do not count; empty: all count. Needs a creation column.
     * @return {@code keys}, {@code taken} with their own types, {@link #ARRIVED}
     */
    public static Dataset<Row> perKey(
            Dataset<Row> labels,
            List<String> keys,
            List<String> taken,
            Optional<String> createdColumn,
            Optional<Instant> moment) {
        Column arrived = createdColumn
                .map(column -> Columns.named(column).cast(DataTypes.TimestampType))
                .orElse(functions.lit(null).cast(DataTypes.TimestampType));
        Column known = taken.stream()
                .map(column -> Columns.named(column).isNotNull())
                .reduce(Column::or)
                .orElseThrow(() -> new IllegalArgumentException("no column to take"));
        if (createdColumn.isPresent()) known = known.and(arrived.isNotNull());
        if (moment.isPresent()) {
            if (createdColumn.isEmpty()) throw new IllegalArgumentException("a moment needs a creation column");
            known = known.and(arrived.leq(functions.lit(moment.get())));
        }
        List<Column> order = new ArrayList<>(List.of(arrived.as(ARRIVED)));
        taken.forEach(column -> order.add(Columns.named(column).as(column)));
        List<Column> flat = new ArrayList<>(List.of(Columns.named(keys)));
        for (String column : taken) {
            flat.add(functions.col(NEWEST).getField(column).as(column));
        }
        flat.add(functions.col(NEWEST).getField(ARRIVED).as(ARRIVED));
        return labels.where(known)
                .groupBy(Columns.named(keys))
                .agg(functions
                        .max(functions.struct(order.toArray(Column[]::new)))
                        .as(NEWEST))
                .select(flat.toArray(Column[]::new));
    }
}
