package dev.millrace.engine.dedup;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The row with the greatest {@code latest-by} per key. NULL order values lose; NaN is the greatest number, as in
 * Spark's order. Ties are broken by the remaining columns from left to right, the greatest first, so the result does
 * not depend on partitioning. NULL keys form one group, as in GROUP BY.
 *
 * <p>Cost: one scan, one shuffle. Spark sorts before it and keeps two rows per key and partition (WindowGroupLimit; the
 * second tells a tie), so the shuffle moves little, and sorts the survivors again.
 */
public final class LatestPerKey {
    /** True where another row of the key has equal {@code latest-by} values. */
    public static final String TIED = "_millrace_tied";

    private static final String RANK = "_millrace_rank";

    private LatestPerKey() {}

    /**
     * @param rows any schema whose columns can be ordered (no MAP, no VARIANT)
     * @return the columns of {@code rows} and {@link #TIED}; one row per distinct key, in no order
     */
    public static Dataset<Row> of(Dataset<Row> rows, DedupDeclaration config) {
        StructType schema = rows.schema();
        Column[] keys =
                config.keys().stream().map(key -> key(schema, key, config)).toArray(Column[]::new);
        List<Column> order = new ArrayList<>();
        List<Column> declared = new ArrayList<>();
        for (DedupDeclaration.Latest latest : config.latestBy()) {
            Column value = comparable(schema, latest);
            declared.add(value);
            order.add(latest.earliest() ? value.asc_nulls_last() : value.desc_nulls_last());
        }
        for (String column : schema.fieldNames())
            order.add(Columns.named(column).desc_nulls_last());
        WindowSpec window = Window.partitionBy(keys).orderBy(order.toArray(Column[]::new));
        Column tied = declared.stream()
                .map(value -> functions.lead(value, 1).over(window).eqNullSafe(value))
                .reduce(functions.lead(functions.lit(true), 1).over(window).isNotNull(), Column::and);
        List<Column> kept = new ArrayList<>(Arrays.asList(Columns.named(List.of(schema.fieldNames()))));
        kept.add(functions.col(TIED));
        return rows.withColumn(RANK, functions.row_number().over(window))
                .where(functions.col(RANK).leq(2))
                .withColumn(TIED, tied)
                .where(functions.col(RANK).equalTo(1))
                .select(kept.toArray(Column[]::new));
    }

    private static Column key(StructType schema, String name, DedupDeclaration config) {
        Column key = Columns.named(name);
        if (!schema.apply(name).dataType().equals(DataTypes.StringType)) return key;
        if (config.trim()) key = functions.trim(key);
        return config.ignoreCase() ? functions.lower(key) : key;
    }

    private static Column comparable(StructType schema, DedupDeclaration.Latest latest) {
        Column value = Columns.named(latest.column());
        if (!schema.apply(latest.column()).dataType().equals(DataTypes.StringType)) return value;
        return switch (latest.as()) {
            case TEXT -> value;
            case NUMBER -> value.cast(DataTypes.createDecimalType(38, 10));
            case TIME -> value.cast(DataTypes.TimestampType);
        };
    }
}
