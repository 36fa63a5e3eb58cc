package dev.millrace.engine.truth;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A hash of what stands in a row, which gives rows an order of their own: neither files nor partitions change it.
 *
 * <p>{@code xxhash64} passes over NULL: (1, NULL) and (NULL, 1) have one hash. Here each nullable column says beside its
 * value whether it is NULL, so that rows with equal hashes are equal rows (but for a chance of 2⁻⁶⁴ per pair).
 */
public final class RowHash {
    private RowHash() {}

    /** BIGINT, of all columns of {@code schema} that can be hashed; a MAP has no order and counts for nothing. */
    public static Column of(StructType schema) {
        List<String> names = new ArrayList<>();
        for (StructField field : schema.fields()) names.add(field.name());
        return of(schema, names);
    }

    /** BIGINT, of some columns of {@code schema}. */
    public static Column of(StructType schema, List<String> names) {
        List<Column> hashed = new ArrayList<>();
        for (String name : names) {
            StructField field = schema.apply(name);
            if (holdsMap(field.dataType())) continue;
            hashed.add(Columns.named(name));
            if (field.nullable()) hashed.add(Columns.named(name).isNull());
        }
        if (hashed.isEmpty()) hashed.add(functions.lit(0));
        return functions.xxhash64(hashed.toArray(Column[]::new));
    }

    private static boolean holdsMap(DataType type) {
        return type.existsRecursively(part -> part instanceof MapType);
    }
}
