package dev.millrace.job.monitoring;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.drift.ColumnDrift;
import dev.millrace.engine.drift.TestResult;
import dev.millrace.engine.drift.Verdict;
import dev.millrace.engine.profile.BinCounting;
import dev.millrace.engine.profile.ColumnBins;
import dev.millrace.engine.profile.Counted;
import dev.millrace.engine.profile.GroupCounts;
import dev.millrace.platform.table.ProfileMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of {@code monitoring.drift_metrics}, and the same as JSON for the server (CONTRACT §7).
 *
 * @param modelVersion absent for a model that is no registered version
 */
record DriftTable(
        MonitorConfig config,
        BinCounting.Windows windows,
        String runId,
        String modelName,
        Optional<Integer> modelVersion) {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final StructType WINDOW =
            new StructType().add("start", DataTypes.TimestampType).add("end", DataTypes.TimestampType);
    private static final StructType TEST =
            new StructType().add("statistic", DataTypes.DoubleType).add("pvalue", DataTypes.DoubleType);

    /** The columns of Databricks' monitoring in their order, then ours (CONTRACT §5). */
    static final StructType SCHEMA = new StructType()
            .add("table_name", DataTypes.StringType)
            .add("table_id", DataTypes.StringType)
            .add("table_version", DataTypes.LongType)
            .add("window", WINDOW)
            .add("granularity", DataTypes.StringType)
            .add("monitor_version", DataTypes.LongType)
            .add("slice_key", DataTypes.StringType)
            .add("slice_value", DataTypes.StringType)
            .add("column_name", DataTypes.StringType)
            .add("data_type", DataTypes.StringType)
            .add("window_cmp", WINDOW)
            .add("drift_type", DataTypes.StringType)
            .add("count_delta", DataTypes.LongType)
            .add("avg_delta", DataTypes.DoubleType)
            .add("percent_null_delta", DataTypes.DoubleType)
            .add("percent_zeros_delta", DataTypes.DoubleType)
            .add("percent_distinct_delta", DataTypes.DoubleType)
            .add(
                    "non_null_columns_delta",
                    new StructType().add("added", DataTypes.IntegerType).add("missing", DataTypes.IntegerType))
            .add("js_distance", DataTypes.DoubleType)
            .add("ks_test", TEST)
            .add("wasserstein_distance", DataTypes.DoubleType)
            .add("population_stability_index", DataTypes.DoubleType)
            .add("chi_squared_test", TEST)
            .add("tv_distance", DataTypes.DoubleType)
            .add("l_infinity_distance", DataTypes.DoubleType)
            .add("n_reference", DataTypes.LongType)
            .add("n_current", DataTypes.LongType)
            .add("adjusted_pvalue", DataTypes.DoubleType)
            .add("effect", DataTypes.DoubleType)
            .add("error_bound", DataTypes.DoubleType)
            .add("threshold", DataTypes.DoubleType)
            .add("verdict", DataTypes.StringType)
            .add("binning", DataTypes.StringType)
            .add("run_id", DataTypes.StringType)
            .add("model_name", DataTypes.StringType)
            .add("model_version", DataTypes.IntegerType)
            .add("effect_measure", DataTypes.StringType)
            .add("type_change", DataTypes.StringType);

    /** Columns that the server does not know; the last ones. */
    private static final int OURS_ALONE = 1;

    /** One row per comparison, and one per window, slice and reference about the table as a whole. */
    List<Row> rows(List<Comparison> comparisons) {
        List<Row> rows = new ArrayList<>();
        Map<List<Object>, List<Comparison>> tables = new java.util.LinkedHashMap<>();
        String first = comparisons.isEmpty() ? "" : comparisons.get(0).table().name();
        for (Comparison comparison : comparisons) {
            rows.add(row(comparison));
            // What is said of the table is said of all its columns; a run over some of them has no say in it.
            if (!config.columns().isEmpty()) continue;
            // The server knows one row per window, slice and column: the table's is that of the first table.
            if (!comparison.table().name().equals(first)) continue;
            tables.computeIfAbsent(
                            List.of(comparison.window(), comparison.slice(), comparison.previous()),
                            unseen -> new ArrayList<>())
                    .add(comparison);
        }
        tables.values().forEach(columns -> rows.add(wholeTable(columns)));
        return rows;
    }

    private Map<String, Object> common(Comparison comparison) {
        Map<String, Object> values = new HashMap<>();
        values.put("table_name", comparison.table().name());
        values.put("table_id", comparison.table().tableId());
        values.put("table_version", comparison.table().version());
        values.put("window", window(comparison.window()));
        values.put("granularity", config.granularityText());
        values.put("monitor_version", ProfileMetrics.MONITOR_VERSION);
        values.put("slice_key", comparison.slice().map(GroupCounts.Slice::key).orElse(null));
        values.put(
                "slice_value", comparison.slice().map(GroupCounts.Slice::value).orElse(null));
        values.put(
                "window_cmp", comparison.previous().map(this::window).orElseGet(() -> RowFactory.create(null, null)));
        values.put("drift_type", comparison.previous().isPresent() ? "CONSECUTIVE" : "BASELINE");
        long reference = comparison.reference().rows();
        long current = comparison.current().rows();
        values.put("count_delta", current - reference);
        values.put("n_reference", reference);
        values.put("n_current", current);
        values.put("run_id", runId);
        values.put("model_name", modelName);
        values.put("model_version", modelVersion.orElse(null));
        return values;
    }

    private Row window(long start) {
        return RowFactory.create(instant(start), instant(windows.end(start)));
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS);
    }

    private Row row(Comparison comparison) {
        ColumnBins bins = comparison.column().bins();
        Counted reference = comparison.reference();
        Counted current = comparison.current();
        ColumnDrift drift = comparison.drift();
        Map<String, Object> values = common(comparison);
        values.put("column_name", comparison.column().name());
        values.put("data_type", comparison.column().type());
        values.put("avg_delta", current.mean() - reference.mean());
        values.put("percent_null_delta", share(current.nulls(bins), current) - share(reference.nulls(bins), reference));
        if (bins.isNumber()) {
            values.put("percent_zeros_delta", share(current.zeros(), current) - share(reference.zeros(), reference));
        }
        values.put("percent_distinct_delta", distinct(bins, current) - distinct(bins, reference));
        values.put("js_distance", drift.jensenShannon());
        values.put("ks_test", test(drift.ks()));
        values.put("wasserstein_distance", drift.wasserstein());
        values.put("population_stability_index", drift.psi());
        values.put("chi_squared_test", test(drift.chiSquare()));
        values.put("tv_distance", drift.totalVariation());
        values.put("l_infinity_distance", drift.lInfinity());
        values.put("adjusted_pvalue", comparison.adjusted());
        values.put("effect", drift.effect().value());
        values.put("effect_measure", drift.effect().measure());
        values.put("error_bound", drift.errorBound());
        values.put("threshold", drift.effect().threshold());
        values.put("verdict", comparison.verdict().text());
        values.put("binning", drift.binning());
        values.put(
                "type_change",
                TypeChange.of(comparison.column(), comparison.table().schema())
                        .map(TypeChange::text)
                        .orElse(null));
        return ProfileMetrics.row(SCHEMA, values);
    }

    private static double share(long part, Counted counted) {
        return 100.0 * part / counted.rows(); // NaN of no rows becomes NULL
    }

    /** Of the rows with a value. */
    private static double distinct(ColumnBins bins, Counted counted) {
        return 100.0 * counted.distinct() / (counted.rows() - counted.nulls(bins));
    }

    private static Row test(TestResult result) {
        return Double.isNaN(result.statistic()) ? null : RowFactory.create(result.statistic(), result.pvalue());
    }

    private Row wholeTable(List<Comparison> columns) {
        Map<String, Object> values = common(columns.get(0));
        int added = 0;
        int missing = 0;
        for (Comparison column : columns) {
            ColumnBins bins = column.column().bins();
            boolean before = column.reference().rows() > column.reference().nulls(bins);
            boolean now = column.current().rows() > column.current().nulls(bins);
            if (now && !before) added++;
            if (before && !now) missing++;
        }
        long least = Math.min(
                columns.get(0).reference().rows(), columns.get(0).current().rows());
        Verdict verdict = least < config.thresholds().minRows()
                ? Verdict.NOT_ENOUGH_DATA
                : missing > 0 ? Verdict.DRIFT : Verdict.OK;
        values.put("column_name", ProfileMetrics.TABLE);
        values.put("non_null_columns_delta", RowFactory.create(added, missing));
        values.put("verdict", verdict.text());
        return ProfileMetrics.row(SCHEMA, values);
    }

    /** The body of {@code PUT /api/v1/drift}: times in epoch milliseconds, numbers that are not finite as MLflow's texts. */
    String body(List<Row> rows) {
        ObjectNode body = JSON.createObjectNode();
        body.put("run_id", runId).put("granularity", config.granularityText());
        ArrayNode list = body.putArray("rows");
        for (Row row : rows) list.add(object(row, SCHEMA, SCHEMA.size() - OURS_ALONE));
        return body.toString();
    }

    private static ObjectNode object(Row row, StructType schema, int columns) {
        ObjectNode node = JSON.createObjectNode();
        for (int i = 0; i < columns; i++) {
            String name = schema.fields()[i].name();
            Object value = row.get(i);
            if (value == null) node.putNull(name);
            else if (value instanceof Row inner)
                node.set(name, object(inner, (StructType) schema.apply(i).dataType(), inner.size()));
            else if (value instanceof Instant at) node.put(name, at.toEpochMilli());
            else if (value instanceof Double number && !Double.isFinite(number)) node.put(name, nonFinite(number));
            else node.set(name, JSON.valueToTree(value));
        }
        return node;
    }

    private static String nonFinite(double number) {
        return Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
    }
}
