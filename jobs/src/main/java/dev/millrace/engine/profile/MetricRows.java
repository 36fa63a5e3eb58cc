package dev.millrace.engine.profile;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Schemas of {@code monitoring.profile_metrics} and {@code monitoring.drift_metrics}: the columns of Databricks'
 * monitoring in their order, then ours (CONTRACT §5).
 */
public final class MetricRows {
    /** {@code column_name} of rows about the table as a whole. */
    public static final String TABLE = ":table";
    /** Rises when a formula changes, so that old and new rows are not compared unawares. */
    public static final long MONITOR_VERSION = 1;

    private static final DataType LONG = DataTypes.LongType;
    private static final DataType DOUBLE = DataTypes.DoubleType;
    private static final DataType TEXT = DataTypes.StringType;

    private static final DataType WINDOW =
            new StructType().add("start", DataTypes.TimestampType).add("end", DataTypes.TimestampType);
    private static final DataType TEST =
            new StructType().add("statistic", DOUBLE).add("pvalue", DOUBLE);

    public static final StructType PROFILE = new StructType()
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
            .add("model_version", DataTypes.IntegerType);

    public static final StructType DRIFT = new StructType()
            .add("table_name", TEXT)
            .add("table_id", TEXT)
            .add("table_version", LONG)
            .add("window", WINDOW)
            .add("granularity", TEXT)
            .add("monitor_version", LONG)
            .add("slice_key", TEXT)
            .add("slice_value", TEXT)
            .add("column_name", TEXT)
            .add("data_type", TEXT)
            .add("window_cmp", WINDOW)
            .add("drift_type", TEXT)
            .add("count_delta", LONG)
            .add("avg_delta", DOUBLE)
            .add("percent_null_delta", DOUBLE)
            .add("percent_zeros_delta", DOUBLE)
            .add("percent_distinct_delta", DOUBLE)
            .add(
                    "non_null_columns_delta",
                    new StructType().add("added", DataTypes.IntegerType).add("missing", DataTypes.IntegerType))
            .add("js_distance", DOUBLE)
            .add("ks_test", TEST)
            .add("wasserstein_distance", DOUBLE)
            .add("population_stability_index", DOUBLE)
            .add("chi_squared_test", TEST)
            .add("tv_distance", DOUBLE)
            .add("l_infinity_distance", DOUBLE)
            .add("n_reference", LONG)
            .add("n_current", LONG)
            .add("adjusted_pvalue", DOUBLE)
            .add("effect", DOUBLE)
            .add("error_bound", DOUBLE)
            .add("threshold", DOUBLE)
            .add("verdict", TEXT)
            .add("binning", TEXT)
            .add("run_id", TEXT)
            .add("model_name", TEXT)
            .add("model_version", DataTypes.IntegerType)
            .add("effect_measure", TEXT);

    private MetricRows() {}

    /** A row of {@code schema}; columns without a value are NULL, and so is NaN, which here means "has none". */
    public static Row row(StructType schema, Map<String, Object> values) {
        Set<String> unknown = new HashSet<>(values.keySet());
        Object[] row = new Object[schema.size()];
        for (int i = 0; i < row.length; i++) {
            String name = schema.fields()[i].name();
            unknown.remove(name);
            Object value = values.get(name);
            row[i] = value instanceof Double number && number.isNaN() ? null : value;
        }
        if (!unknown.isEmpty()) throw new IllegalArgumentException("No such columns: " + unknown);
        return RowFactory.create(row);
    }
}
