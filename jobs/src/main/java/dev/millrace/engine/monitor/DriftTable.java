package dev.millrace.engine.monitor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.drift.TestResult;
import dev.millrace.engine.drift.Verdict;
import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;
import dev.millrace.platform.table.ProfileMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows of {@code monitoring.drift_metrics}, and the same as JSON for the server (CONTRACT §7). */
public record DriftTable(MonitorRows about) {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final StructType WINDOW =
            new StructType().add("start", DataTypes.TimestampType).add("end", DataTypes.TimestampType);
    private static final StructType TEST =
            new StructType().add("statistic", DataTypes.DoubleType).add("pvalue", DataTypes.DoubleType);
    private static final StructType COLUMNS_DELTA =
            new StructType().add("added", DataTypes.IntegerType).add("missing", DataTypes.IntegerType);

    /**
     * A column of the table.
     *
     * @param of its value for one column of a compared table; NULL where the row's other parts give it
     */
    private record Field(String name, DataType type, Function<Comparison, Object> of) {
        static Field given(String name, DataType type) {
            return new Field(name, type, one -> null);
        }

        static Field text(String name, Function<Comparison, String> of) {
            return new Field(name, DataTypes.StringType, of::apply);
        }

        static Field number(String name, Function<Comparison, Double> of) {
            return new Field(name, DataTypes.DoubleType, of::apply);
        }
    }

    /** The columns of Databricks' monitoring in their order, then ours (CONTRACT §5). */
    private static final List<Field> FIELDS = List.of(
            Field.given("table_name", DataTypes.StringType),
            Field.given("table_id", DataTypes.StringType),
            Field.given("table_version", DataTypes.LongType),
            Field.given("window", WINDOW),
            Field.given("granularity", DataTypes.StringType),
            Field.given("monitor_version", DataTypes.LongType),
            Field.given("slice_key", DataTypes.StringType),
            Field.given("slice_value", DataTypes.StringType),
            Field.text("column_name", one -> one.column().name()),
            Field.text("data_type", one -> one.column().type()),
            Field.given("window_cmp", WINDOW),
            Field.given("drift_type", DataTypes.StringType),
            Field.given("count_delta", DataTypes.LongType),
            Field.number(
                    "avg_delta", one -> one.current().mean() - one.reference().mean()),
            Field.number("percent_null_delta", one -> delta(one, (bins, side) -> share(side.nulls(bins), side.rows()))),
            Field.number("percent_zeros_delta", DriftTable::zeros),
            Field.number(
                    "percent_distinct_delta",
                    one -> delta(one, (bins, side) -> share(side.distinct(), side.rows() - side.nulls(bins)))),
            Field.given("non_null_columns_delta", COLUMNS_DELTA),
            Field.number("js_distance", one -> one.drift().jensenShannon()),
            new Field("ks_test", TEST, one -> test(one.drift().ks())),
            Field.number("wasserstein_distance", one -> one.drift().wasserstein()),
            Field.number("population_stability_index", one -> one.drift().psi()),
            new Field("chi_squared_test", TEST, one -> test(one.drift().chiSquare())),
            Field.number("tv_distance", one -> one.drift().totalVariation()),
            Field.number("l_infinity_distance", one -> one.drift().lInfinity()),
            Field.given("n_reference", DataTypes.LongType),
            Field.given("n_current", DataTypes.LongType),
            Field.number("adjusted_pvalue", Comparison::adjusted),
            Field.number("effect", one -> one.drift().effect().value()),
            Field.number("error_bound", one -> one.drift().errorBound()),
            Field.number("threshold", one -> one.drift().effect().threshold()),
            Field.text("verdict", one -> one.verdict().text()),
            Field.text("binning", one -> one.drift().binning()),
            Field.given("run_id", DataTypes.StringType),
            Field.given("model_name", DataTypes.StringType),
            Field.given("model_version", DataTypes.IntegerType),
            Field.text("effect_measure", one -> one.drift().effect().measure()),
            Field.text("type_change", one -> TypeChange.of(
                            one.column(), one.table().schema())
                    .map(TypeChange::text)
                    .orElse(null)));

    /** Its schema. */
    public static final StructType SCHEMA = schema();

    /** Columns that the server does not know; the last ones. */
    private static final int OURS_ALONE = 1;

    /** As many as the server accepts. */
    private static final int ROWS_PER_REQUEST = 10_000;

    private static StructType schema() {
        StructType schema = new StructType();
        for (Field field : FIELDS) schema = schema.add(field.name(), field.type());
        return schema;
    }

    /** One row per comparison, and one per window, slice and reference about the table as a whole. */
    public List<Row> rows(List<Comparison> comparisons) {
        List<Row> rows = new ArrayList<>();
        Map<List<Object>, List<Comparison>> tables = new LinkedHashMap<>();
        String first = comparisons.isEmpty() ? "" : comparisons.get(0).table().name();
        for (Comparison comparison : comparisons) {
            rows.add(row(comparison));
            // What is said of the table is said of all its columns; a run over some of them has no say in it.
            if (!about.config().columns().isEmpty()) continue;
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
        Map<String, Object> values = about.values(comparison.table(), comparison.window(), comparison.slice());
        values.put(
                "window_cmp", comparison.previous().map(about::window).orElseGet(() -> RowFactory.create(null, null)));
        values.put("drift_type", comparison.previous().isPresent() ? "CONSECUTIVE" : "BASELINE");
        long reference = comparison.reference().rows();
        long current = comparison.current().rows();
        values.put("count_delta", current - reference);
        values.put("n_reference", reference);
        values.put("n_current", current);
        return values;
    }

    private Row row(Comparison comparison) {
        Map<String, Object> values = common(comparison);
        for (Field field : FIELDS) values.putIfAbsent(field.name(), field.of().apply(comparison));
        return ProfileMetrics.row(SCHEMA, values);
    }

    private interface Share {
        double of(ColumnBins bins, Counted side);
    }

    private static double delta(Comparison one, Share share) {
        ColumnBins bins = one.column().bins();
        return share.of(bins, one.current()) - share.of(bins, one.reference());
    }

    private static double share(long part, long rows) {
        return 100.0 * part / rows; // NaN of no rows becomes NULL
    }

    /** Only numbers have zeros. */
    private static Double zeros(Comparison one) {
        if (!one.column().bins().isNumber()) return null;
        return delta(one, (bins, side) -> share(side.zeros(), side.rows()));
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
        Verdict verdict = least < about.config().thresholds().minRows()
                ? Verdict.NOT_ENOUGH_DATA
                : missing > 0 ? Verdict.DRIFT : Verdict.OK;
        values.put("column_name", ProfileMetrics.TABLE);
        values.put("non_null_columns_delta", RowFactory.create(added, missing));
        values.put("verdict", verdict.text());
        return ProfileMetrics.row(SCHEMA, values);
    }

    /**
     * The bodies of {@code PUT /api/v1/drift} for one window: times in epoch milliseconds, numbers that are not finite as
     * MLflow's texts. A window with more rows than the server accepts in a request is sent in parts.
     *
     * @param rows of one window
     * @param owner {@link MonitorRows#owner}
     */
    public List<String> bodies(List<Row> rows, String owner) {
        int parts = Math.max(1, (rows.size() + ROWS_PER_REQUEST - 1) / ROWS_PER_REQUEST);
        List<String> bodies = new ArrayList<>();
        for (int part = 1; part <= parts; part++) {
            ObjectNode body = JSON.createObjectNode();
            body.put("run_id", about.runId())
                    .put("granularity", about.config().granularity().text())
                    .put("owner", owner)
                    .put("part", part)
                    .put("parts", parts);
            ArrayNode list = body.putArray("rows");
            int end = Math.min(rows.size(), part * ROWS_PER_REQUEST);
            for (Row row : rows.subList((part - 1) * ROWS_PER_REQUEST, end)) {
                list.add(object(row, SCHEMA, SCHEMA.size() - OURS_ALONE));
            }
            bodies.add(body.toString());
        }
        return bodies;
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
