package dev.millrace.engine.eda;

import dev.millrace.engine.scan.ColumnKind;
import dev.millrace.engine.scan.ColumnProfile;
import dev.millrace.engine.scan.Moments;
import dev.millrace.engine.scan.TableProfile;
import dev.millrace.platform.table.ProfileMetrics;
import dev.millrace.platform.table.TableVersion;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of {@code monitoring.profiles} and {@code monitoring.profile_metrics}: one per slice and column, made where the
 * sketches are, and one per slice about the table, made here. Shipped to executors.
 *
 * @param alerts kinds by column
 */
public record ProfileRows(
        String tableName,
        String tableId,
        long version,
        ArrayList<String> names,
        ArrayList<String> types,
        HashMap<String, Set<String>> alerts,
        String runId,
        Instant now)
        implements Serializable {
    private static final int FREQUENT = 100;

    public static final StructType PROFILES = new StructType()
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
            .add("created_at", DataTypes.TimestampType)
            .add("exact_min", DataTypes.StringType)
            .add("exact_max", DataTypes.StringType)
            .add("num_cut", DataTypes.LongType);

    /** The run that writes them, and when. */
    public record Run(String id, Instant at) {}

    /**
     * Rows of one of the tables.
     *
     * @param wholes about the table and its slices
     * @param columns about each column
     */
    public record Rows(StructType schema, List<Row> wholes, JavaRDD<Row> columns) {}

    /** Rows about a version of a table. */
    public static ProfileRows of(TableVersion table, TableProfile profile, List<Alert> alerts, Run run) {
        HashMap<String, Set<String>> kinds = new HashMap<>();
        for (Alert alert : alerts) {
            kinds.computeIfAbsent(alert.column(), unseen -> new LinkedHashSet<>())
                    .add(alert.kind());
        }
        return new ProfileRows(
                table.name(),
                table.tableId(),
                table.version(),
                new ArrayList<>(profile.columns()),
                new ArrayList<>(profile.types()),
                kinds,
                run.id(),
                run.at());
    }

    /** Rows of {@code monitoring.profiles}. */
    public Rows profiles(TableProfile profile) {
        List<Row> tables = new ArrayList<>();
        tables.add(tableProfile(Optional.empty(), profile.rows(), profile));
        profile.slices().forEach((slice, group) -> tables.add(tableProfile(Optional.of(slice), group.rows(), profile)));
        return new Rows(PROFILES, tables, profile.rows(this::profile));
    }

    /** Rows of {@code monitoring.profile_metrics}. */
    public Rows metrics(TableProfile profile) {
        List<Row> tables = new ArrayList<>();
        List<String> present = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (profile.facts().get(i).values() > 0) present.add(names.get(i));
        }
        tables.add(tableMetrics(Optional.empty(), profile.rows(), present));
        profile.slices().forEach((slice, group) -> {
            List<String> ofSlice = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                TableProfile.SliceFacts column = group.columns().get(i);
                if (column.rows() > column.nulls()) ofSlice.add(names.get(i));
            }
            tables.add(tableMetrics(Optional.of(slice), group.rows(), ofSlice));
        });
        return new Rows(ProfileMetrics.SCHEMA, tables, profile.rows(this::metric));
    }

    private Map<String, Object> common(Optional<TableProfile.Slice> slice, String column) {
        Map<String, Object> values = new HashMap<>();
        values.put("table_name", tableName);
        values.put("table_id", tableId);
        values.put("table_version", version);
        values.put("slice_key", slice.map(TableProfile.Slice::key).orElse(null));
        values.put("slice_value", slice.map(TableProfile.Slice::value).orElse(null));
        values.put("column_name", column);
        return values;
    }

    private Row tableProfile(Optional<TableProfile.Slice> slice, long rows, TableProfile profile) {
        Map<String, Object> whole = common(slice, ProfileMetrics.TABLE);
        whole.put("count", rows);
        whole.put("bottom_k", profile.sampleHashes(slice));
        whole.put("created_by_run", runId);
        whole.put("created_at", now);
        return ProfileMetrics.row(PROFILES, whole);
    }

    private Row profile(Optional<TableProfile.Slice> slice, int index, ColumnProfile column, byte[] sample) {
        Map<String, Object> values = common(slice, names.get(index));
        values.put("data_type", types.get(index));
        values.put("count", column.rows());
        values.put("num_nulls", column.nulls());
        values.put("created_by_run", runId);
        values.put("created_at", now);
        if (column.kind() == ColumnKind.OTHER) return ProfileMetrics.row(PROFILES, values);
        values.put("hll", column.hllBytes());
        values.put("bottom_k", sample);
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
            values.put(
                    "exact_min",
                    column.exactMin().map(BigDecimal::toPlainString).orElse(null));
            values.put(
                    "exact_max",
                    column.exactMax().map(BigDecimal::toPlainString).orElse(null));
            values.put("kll", column.kllBytes());
            values.put("bins", column.bins().toBytes());
        } else {
            values.put("frequent", column.frequentBytes());
            values.put("num_cut", column.cut());
        }
        if (column.kind() == ColumnKind.TEXT) {
            values.put("num_empty", column.empty());
            values.put("num_blank", column.blank());
            values.put("avg_length", column.meanLength().orElse(Double.NaN));
        }
        return ProfileMetrics.row(PROFILES, values);
    }

    private Row tableMetrics(Optional<TableProfile.Slice> slice, long rows, List<String> present) {
        Map<String, Object> whole = metricsCommon(slice, ProfileMetrics.TABLE);
        whole.put("count", rows);
        whole.put("non_null_columns", present);
        return ProfileMetrics.row(ProfileMetrics.SCHEMA, whole);
    }

    private Map<String, Object> metricsCommon(Optional<TableProfile.Slice> slice, String column) {
        Map<String, Object> values = common(slice, column);
        values.put("log_type", "INPUT");
        values.put("logging_table_commit_version", (int) version);
        values.put("monitor_version", ProfileMetrics.MONITOR_VERSION);
        values.put("run_id", runId);
        if (slice.isEmpty()) values.put("alerts", List.copyOf(alerts.getOrDefault(column, Set.of())));
        return values;
    }

    private Row metric(Optional<TableProfile.Slice> slice, int index, ColumnProfile column, byte[] sample) {
        Map<String, Object> values = metricsCommon(slice, names.get(index));
        double rows = column.rows();
        values.put("data_type", types.get(index));
        values.put("count", column.rows());
        values.put("num_nulls", column.nulls());
        values.put("percent_null", 100 * column.nulls() / rows);
        if (column.kind() == ColumnKind.OTHER) return ProfileMetrics.row(ProfileMetrics.SCHEMA, values);
        values.put("distinct_count", column.distinct());
        values.put("percent_distinct", 100.0 * column.distinct() / column.values());
        if (column.kind().isOrdered()) {
            values.put("min", column.min().orElse(Double.NaN));
            values.put("max", column.max().orElse(Double.NaN));
            values.put(
                    "exact_min",
                    column.exactMin().map(BigDecimal::toPlainString).orElse(null));
            values.put(
                    "exact_max",
                    column.exactMax().map(BigDecimal::toPlainString).orElse(null));
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
        return ProfileMetrics.row(ProfileMetrics.SCHEMA, values);
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
