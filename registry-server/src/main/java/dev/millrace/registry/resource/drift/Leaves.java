package dev.millrace.registry.resource.drift;

import static dev.millrace.registry.resource.drift.Leaf.number;
import static dev.millrace.registry.resource.drift.Leaf.object;
import static dev.millrace.registry.resource.drift.Leaf.text;
import static dev.millrace.registry.resource.drift.Leaf.whole;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All values of a drift row in the order in which blocks store them. The order is part of the stored form: a new value goes
 * to the end; blocks written before have it absent.
 */
final class Leaves {
    /** An object's own leaf comes before those of its fields. The column's name is an id in blocks. */
    static final List<Leaf> ALL = List.of(
            text("table_name", DriftRow::tableName),
            text("table_id", DriftRow::tableId),
            whole("table_version", DriftRow::tableVersion),
            object("window", row -> Optional.ofNullable(row.window())),
            start("window", row -> Optional.ofNullable(row.window())),
            end("window", row -> Optional.ofNullable(row.window())),
            text("granularity", row -> Optional.ofNullable(row.granularity())),
            whole("monitor_version", DriftRow::monitorVersion),
            text("slice_key", DriftRow::sliceKey),
            text("slice_value", DriftRow::sliceValue),
            whole("column_name", row -> Optional.empty()),
            text("data_type", DriftRow::dataType),
            object("window_cmp", DriftRow::windowCmp),
            start("window_cmp", DriftRow::windowCmp),
            end("window_cmp", DriftRow::windowCmp),
            text("drift_type", row -> Optional.of(row.driftType())),
            whole("count_delta", DriftRow::countDelta),
            number("avg_delta", DriftRow::avgDelta),
            number("percent_null_delta", DriftRow::percentNullDelta),
            number("percent_zeros_delta", DriftRow::percentZerosDelta),
            number("percent_distinct_delta", DriftRow::percentDistinctDelta),
            object("non_null_columns_delta", DriftRow::nonNullColumnsDelta),
            new Leaf("non_null_columns_delta", "added", Leaf.Kind.LONG, row -> row.nonNullColumnsDelta()
                    .flatMap(DriftRow.ColumnsDelta::added)),
            new Leaf("non_null_columns_delta", "missing", Leaf.Kind.LONG, row -> row.nonNullColumnsDelta()
                    .flatMap(DriftRow.ColumnsDelta::missing)),
            number("js_distance", DriftRow::jsDistance),
            object("ks_test", DriftRow::ksTest),
            statistic("ks_test", DriftRow::ksTest),
            pvalue("ks_test", DriftRow::ksTest),
            number("wasserstein_distance", DriftRow::wassersteinDistance),
            number("population_stability_index", DriftRow::populationStabilityIndex),
            object("chi_squared_test", DriftRow::chiSquaredTest),
            statistic("chi_squared_test", DriftRow::chiSquaredTest),
            pvalue("chi_squared_test", DriftRow::chiSquaredTest),
            number("tv_distance", DriftRow::tvDistance),
            number("l_infinity_distance", DriftRow::lInfinityDistance),
            whole("n_reference", DriftRow::nReference),
            whole("n_current", DriftRow::nCurrent),
            number("adjusted_pvalue", DriftRow::adjustedPvalue),
            number("effect", DriftRow::effect),
            number("error_bound", DriftRow::errorBound),
            number("threshold", DriftRow::threshold),
            text("verdict", DriftRow::verdict),
            text("binning", DriftRow::binning),
            text("run_id", DriftRow::runId),
            text("model_name", DriftRow::modelName),
            whole("model_version", DriftRow::modelVersion),
            text("effect_measure", DriftRow::effectMeasure));

    static final int COLUMN = index("", "column_name");
    static final int VERDICT = index("", "verdict");
    static final int EFFECT = index("", "effect");
    static final int THRESHOLD = index("", "threshold");
    static final int PSI = index("", "population_stability_index");

    private Leaves() {}

    private static Leaf start(String object, Function<DriftRow, Optional<DriftRow.Window>> of) {
        return new Leaf(object, "start", Leaf.Kind.LONG, row -> of.apply(row).flatMap(DriftRow.Window::start));
    }

    private static Leaf end(String object, Function<DriftRow, Optional<DriftRow.Window>> of) {
        return new Leaf(object, "end", Leaf.Kind.LONG, row -> of.apply(row).flatMap(DriftRow.Window::end));
    }

    private static Leaf statistic(String object, Function<DriftRow, Optional<DriftRow.Test>> of) {
        return new Leaf(
                object, "statistic", Leaf.Kind.DOUBLE, row -> of.apply(row).flatMap(DriftRow.Test::statistic));
    }

    private static Leaf pvalue(String object, Function<DriftRow, Optional<DriftRow.Test>> of) {
        return new Leaf(object, "pvalue", Leaf.Kind.DOUBLE, row -> of.apply(row).flatMap(DriftRow.Test::pvalue));
    }

    /** Where a value is in {@link #ALL}. */
    static int index(String object, String name) {
        for (int i = 0; i < ALL.size(); i++) {
            if (ALL.get(i).object().equals(object) && ALL.get(i).name().equals(name)) return i;
        }
        throw new AssertionError(object + "." + name);
    }

    /**
     * A row's values in the order of {@link #ALL}: Long, Double, String, or TRUE for an object that is there; {@code null}
     * where absent. For {@link BlockWriter} alone.
     */
    static Object[] values(DriftRow row, long columnId) {
        Object[] values = new Object[ALL.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = ALL.get(i).of().apply(row).orElse(null);
            values[i] = value;
            if (value != null && ALL.get(i).kind() == Leaf.Kind.OBJECT) values[i] = true;
        }
        values[COLUMN] = columnId;
        return values;
    }

    /** The row as it came: what is absent is left out. */
    static Map<String, Object> json(Object[] values, String column) {
        Map<String, Object> row = new LinkedHashMap<>();
        Map<String, Object> within = row;
        for (int i = 0; i < values.length; i++) {
            Leaf leaf = ALL.get(i);
            if (values[i] == null) continue;
            if (leaf.kind() == Leaf.Kind.OBJECT) {
                within = new LinkedHashMap<>();
                row.put(leaf.name(), within);
            } else {
                (leaf.object().isEmpty() ? row : within).put(leaf.name(), i == COLUMN ? column : values[i]);
            }
        }
        return row;
    }
}
