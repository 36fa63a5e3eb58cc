package dev.millrace.job.eda;

import dev.millrace.engine.profile.MetricRows;
import dev.millrace.engine.scan.ColumnKind;
import dev.millrace.engine.scan.ColumnProfile;
import dev.millrace.engine.scan.Moments;
import dev.millrace.engine.scan.TableProfile;
import dev.millrace.platform.table.TableVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows of {@code monitoring.profiles} and {@code monitoring.profile_metrics}: one per slice and column. */
record ProfileRows(TableVersion table, TableProfile profile, List<Alert> alerts, String runId, Instant now) {
    private static final int FREQUENT = 100;

    static final StructType PROFILES = new StructType()
            .add("table_name", DataTypes.StringType)
            .add("table_id", DataTypes.StringType)
            .add("table_version", DataTypes.LongType)
            .add("slice_key", DataTypes.StringType)
            .add("slice_value", DataTypes.StringType)
            .add("column_name", DataTypes.StringType)
            .add("data_type", DataTypes.StringType)
            .add("count", DataTypes.LongType)
            .add("num_nulls", DataTypes.LongType)
            .add("num_nan", DataTypes.LongType)
            .add("num_positive_infinity", DataTypes.LongType)
            .add("num_negative_infinity", DataTypes.LongType)
            .add("num_zeros", DataTypes.LongType)
            .add("num_empty", DataTypes.LongType)
            .add("num_blank", DataTypes.LongType)
            .add("moments_count", DataTypes.LongType)
            .add("mean", DataTypes.DoubleType)
            .add("m2", DataTypes.DoubleType)
            .add("m3", DataTypes.DoubleType)
            .add("m4", DataTypes.DoubleType)
            .add("min", DataTypes.DoubleType)
            .add("max", DataTypes.DoubleType)
            .add("avg_length", DataTypes.DoubleType)
            .add("hll", DataTypes.BinaryType)
            .add("kll", DataTypes.BinaryType)
            .add("frequent", DataTypes.BinaryType)
            .add("bottom_k", DataTypes.BinaryType)
            .add("bins", DataTypes.BinaryType)
            .add("created_by_run", DataTypes.StringType)
            .add("created_at", DataTypes.TimestampType);

    private interface PartRows {
        void add(Optional<TableProfile.Slice> slice, TableProfile.Part part);
    }

    private void eachPart(PartRows rows) {
        rows.add(Optional.empty(), profile.whole());
        profile.slices().forEach((slice, part) -> rows.add(Optional.of(slice), part));
    }

    private Map<String, Object> common(Optional<TableProfile.Slice> slice, String column) {
        Map<String, Object> values = new HashMap<>();
        values.put("table_name", table.name());
        values.put("table_id", table.tableId());
        values.put("table_version", table.version());
        values.put("slice_key", slice.map(TableProfile.Slice::key).orElse(null));
        values.put("slice_value", slice.map(TableProfile.Slice::value).orElse(null));
        values.put("column_name", column);
        return values;
    }

    List<Row> profiles() {
        List<Row> rows = new ArrayList<>();
        eachPart((slice, part) -> {
            Map<String, Object> whole = common(slice, MetricRows.TABLE);
            whole.put("count", part.rows());
            whole.put("bottom_k", SampleBytes.hashes(part.sample()));
            whole.put("created_by_run", runId);
            whole.put("created_at", now);
            rows.add(MetricRows.row(PROFILES, whole));
            for (int i = 0; i < part.columns().size(); i++) rows.add(profile(slice, part, i));
        });
        return rows;
    }

    private Row profile(Optional<TableProfile.Slice> slice, TableProfile.Part part, int index) {
        ColumnProfile column = part.columns().get(index);
        Map<String, Object> values = common(slice, profile.columns().get(index));
        values.put("data_type", profile.types().get(index));
        values.put("count", column.rows());
        values.put("num_nulls", column.nulls());
        values.put("created_by_run", runId);
        values.put("created_at", now);
        if (column.kind() == ColumnKind.OTHER) return MetricRows.row(PROFILES, values);
        values.put("hll", column.hllBytes());
        values.put(
                "bottom_k",
                SampleBytes.values(part.sample(), profile.columns().size() + slices() + 1, index, column.kind()));
        if (column.kind().isOrdered()) {
            Moments moments = column.moments();
            values.put("num_nan", column.nan());
            values.put("num_positive_infinity", column.positiveInfinite());
            values.put("num_negative_infinity", column.negativeInfinite());
            values.put("num_zeros", column.zeros());
            values.put("moments_count", moments.count());
            values.put("mean", moments.mean().orElse(Double.NaN));
            values.put("m2", moments.m2());
            values.put("m3", moments.m3());
            values.put("m4", moments.m4());
            values.put("min", column.min().orElse(Double.NaN));
            values.put("max", column.max().orElse(Double.NaN));
            values.put("kll", column.kllBytes());
            values.put("bins", column.bins().toBytes());
        } else {
            values.put("frequent", column.frequentBytes());
        }
        if (column.kind() == ColumnKind.TEXT) {
            values.put("num_empty", column.empty());
            values.put("num_blank", column.blank());
            values.put("avg_length", column.meanLength().orElse(Double.NaN));
        }
        return MetricRows.row(PROFILES, values);
    }

    private int slices() {
        return (int) profile.slices().keySet().stream()
                .map(TableProfile.Slice::key)
                .distinct()
                .count();
    }

    List<Row> metrics() {
        List<Row> rows = new ArrayList<>();
        eachPart((slice, part) -> {
            Map<String, Object> whole = metricsCommon(slice, MetricRows.TABLE);
            whole.put("count", part.rows());
            List<String> present = new ArrayList<>();
            for (int i = 0; i < part.columns().size(); i++) {
                if (part.columns().get(i).values() > 0)
                    present.add(profile.columns().get(i));
            }
            whole.put("non_null_columns", present);
            rows.add(MetricRows.row(MetricRows.PROFILE, whole));
            for (int i = 0; i < part.columns().size(); i++) {
                rows.add(metric(
                        slice,
                        profile.columns().get(i),
                        profile.types().get(i),
                        part.columns().get(i)));
            }
        });
        return rows;
    }

    private Map<String, Object> metricsCommon(Optional<TableProfile.Slice> slice, String column) {
        Map<String, Object> values = common(slice, column);
        values.put("log_type", "INPUT");
        values.put("logging_table_commit_version", (int) table.version());
        values.put("monitor_version", MetricRows.MONITOR_VERSION);
        values.put("run_id", runId);
        if (slice.isEmpty()) {
            values.put(
                    "alerts",
                    alerts.stream()
                            .filter(alert -> alert.column().equals(column))
                            .map(Alert::kind)
                            .distinct()
                            .toList());
        }
        return values;
    }

    private Row metric(Optional<TableProfile.Slice> slice, String name, String type, ColumnProfile column) {
        Map<String, Object> values = metricsCommon(slice, name);
        double rows = column.rows();
        values.put("data_type", type);
        values.put("count", column.rows());
        values.put("num_nulls", column.nulls());
        values.put("percent_null", 100 * column.nulls() / rows);
        if (column.kind() == ColumnKind.OTHER) return MetricRows.row(MetricRows.PROFILE, values);
        values.put("distinct_count", column.distinct());
        values.put("percent_distinct", 100.0 * column.distinct() / column.values());
        if (column.kind().isOrdered()) {
            values.put("min", column.min().orElse(Double.NaN));
            values.put("max", column.max().orElse(Double.NaN));
            double[] quantiles = column.quantiles(evenly());
            List<Double> list = new ArrayList<>();
            for (double quantile : quantiles) list.add(quantile);
            values.put("quantiles", list.isEmpty() ? null : list);
            values.put("median", list.isEmpty() ? null : list.get(list.size() / 2));
            values.put("quantile_rank_error", column.rankError());
        } else {
            values.put("frequent_items", frequent(column));
        }
        if (column.kind().isNumber()) {
            values.put("avg", number(column.moments().mean()));
            values.put("stddev", number(column.moments().deviation()));
            values.put("skewness", number(column.moments().skewness()));
            values.put("kurtosis", number(column.moments().kurtosis()));
            values.put("num_zeros", column.zeros());
            values.put("percent_zeros", 100 * column.zeros() / rows);
            values.put("num_nan", column.nan());
            values.put("percent_nan", 100 * column.nan() / rows);
            values.put("num_infinite", column.positiveInfinite() + column.negativeInfinite());
        }
        if (column.kind() == ColumnKind.TEXT) {
            values.put("min_length", number(column.min()));
            values.put("max_length", number(column.max()));
            values.put("avg_length", number(column.meanLength()));
            values.put("num_empty", column.empty());
        }
        return MetricRows.row(MetricRows.PROFILE, values);
    }

    private static double number(OptionalDouble value) {
        return value.orElse(Double.NaN);
    }

    /** 0, 0.001 … 1. */
    private static double[] evenly() {
        double[] ranks = new double[1001];
        for (int i = 0; i < ranks.length; i++) ranks[i] = i / 1000.0;
        return ranks;
    }

    private static List<Row> frequent(ColumnProfile column) {
        List<Row> items = new ArrayList<>();
        for (ColumnProfile.Item item : column.frequent(FREQUENT))
            items.add(RowFactory.create(item.text(), item.count()));
        return items;
    }
}
