package dev.millrace.platform.table;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code monitoring.profile_metrics}, which two jobs write: the columns of Databricks' monitoring in their order, then
 * ours (CONTRACT §5).
 */
public final class ProfileMetrics {
    /** {@code column_name} of rows about the table as a whole. */
    public static final String TABLE = ":table";
    /** Rises when a formula changes, so that old and new rows are not compared unawares. */
    public static final long MONITOR_VERSION = 2;

    private static final DataType LONG = DataTypes.LongType;
    private static final DataType DOUBLE = DataTypes.DoubleType;
    private static final DataType TEXT = DataTypes.StringType;

    private static final DataType WINDOW =
            new StructType().add("start", DataTypes.TimestampType).add("end", DataTypes.TimestampType);
    /** Columns and their types. */
    public static final StructType SCHEMA = new StructType()
            .add("table_name", TEXT)
            .add("table_id", TEXT)
            .add("table_version", LONG)
            .add("window", WINDOW)
            .add("log_type", TEXT)
            .add("logging_table_commit_version", DataTypes.IntegerType)
            .add("monitor_version", LONG)
            .add("granularity", TEXT)
            .add("slice_key", TEXT)
            .add("slice_value", TEXT)
            .add("column_name", TEXT)
            .add("count", LONG)
            .add("data_type", TEXT)
            .add("num_nulls", LONG)
            .add("avg", DOUBLE)
            .add("quantiles", DataTypes.createArrayType(DOUBLE))
            .add("min", DOUBLE)
            .add("max", DOUBLE)
            .add("stddev", DOUBLE)
            .add("num_zeros", LONG)
            .add("num_nan", LONG)
            .add("min_length", DOUBLE)
            .add("max_length", DOUBLE)
            .add("avg_length", DOUBLE)
            .add("non_null_columns", DataTypes.createArrayType(TEXT))
            .add(
                    "frequent_items",
                    DataTypes.createArrayType(new StructType().add("item", TEXT).add("count", LONG)))
            .add("median", DOUBLE)
            .add("distinct_count", LONG)
            .add("percent_nan", DOUBLE)
            .add("percent_null", DOUBLE)
            .add("percent_zeros", DOUBLE)
            .add("percent_distinct", DOUBLE)
            .add("num_infinite", LONG)
            .add("skewness", DOUBLE)
            .add("kurtosis", DOUBLE)
            .add("num_empty", LONG)
            .add("quantile_rank_error", DOUBLE)
            .add("alerts", DataTypes.createArrayType(TEXT))
            .add("quality", DataTypes.createMapType(TEXT, DOUBLE))
            .add("run_id", TEXT)
            .add("model_name", TEXT)
            .add("model_version", DataTypes.IntegerType)
            .add("exact_min", TEXT)
            .add("exact_max", TEXT);

    private ProfileMetrics() {}

    /**
     * A row of a table by the names of its columns; columns without a value are NULL, and so is NaN, which here means
     * "has none".
     */
    public static Row row(StructType schema, Map<String, Object> values) {
        Set<String> unknown = new HashSet<>(values.keySet());
        Object[] row = new Object[schema.size()];
        for (int i = 0; i < row.length; i++) {
            String name = schema.fields()[i].name();
            unknown.remove(name);
            row[i] = cell(values.get(name));
        }
        if (!unknown.isEmpty()) throw new IllegalArgumentException("No such columns: " + unknown);
        return RowFactory.create(row);
    }

    private static Object cell(Object value) {
        if (value instanceof Double number && number.isNaN()) return null;
        // Rows that executors make may hold arrays, but no Java list.
        return value instanceof List<?> list ? list.toArray() : value;
    }
}
