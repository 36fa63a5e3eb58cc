package dev.millrace.engine.monitor;

import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.model.TrainingProfile;
import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;
import dev.millrace.engine.scan.GroupCounts;
import dev.millrace.platform.table.ProfileMetrics;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code monitoring.profile_metrics}: what each window held, and how good the answers in it were. */
public record WindowProfiles(MonitorRows about) {

    /** Rows from a window on; {@code from} and the keys of {@code qualities} are starts of windows in microseconds. */
    public List<Row> rows(List<Windowed> tables, Map<Long, Scorecard> qualities, Optional<Long> from) {
        List<Row> rows = new ArrayList<>();
        for (Windowed table : tables) {
            boolean ofTable = about.isOfTable(table);
            table.counts().groups().forEach((group, counted) -> {
                if (group.windowMicros() < from.orElse(Long.MIN_VALUE)) return;
                Optional<Scorecard> quality =
                        table.isPredictions() && group.slice().isEmpty()
                                ? Optional.ofNullable(qualities.get(group.windowMicros()))
                                : Optional.empty();
                if (ofTable) rows.add(whole(table, group, counted, quality));
                for (int i = 0; i < counted.size(); i++) {
                    rows.add(column(table, group, table.columns().get(i), counted.get(i)));
                }
            });
        }
        return rows;
    }

    private Map<String, Object> common(TableVersion table, GroupCounts.Group group) {
        Map<String, Object> values = about.values(table, group.windowMicros(), group.slice());
        values.put("log_type", "INPUT");
        values.put("logging_table_commit_version", (int) table.version());
        return values;
    }

    private Row whole(Windowed table, GroupCounts.Group group, List<Counted> counted, Optional<Scorecard> quality) {
        Map<String, Object> values = common(table.table(), group);
        List<String> present = new ArrayList<>();
        for (int i = 0; i < counted.size(); i++) {
            ColumnBins bins = table.columns().get(i).bins();
            if (counted.get(i).rows() > counted.get(i).nulls(bins)) present.add(bins.column());
        }
        values.put("column_name", ProfileMetrics.TABLE);
        values.put("count", counted.isEmpty() ? null : (Object) counted.get(0).rows());
        if (about.config().columns().isEmpty()) values.put("non_null_columns", present);
        quality.ifPresent(found -> {
            Map<String, Double> measures = new HashMap<>(found.measures());
            found.intervals().forEach((name, interval) -> {
                measures.put(name + "_low", interval.low());
                measures.put(name + "_high", interval.high());
            });
            measures.put("labelled_rows", (double) found.rows());
            values.put("quality", measures);
        });
        return ProfileMetrics.row(ProfileMetrics.SCHEMA, values);
    }

    private Row column(Windowed table, GroupCounts.Group group, TrainingProfile.Column column, Counted counted) {
        ColumnBins bins = column.bins();
        Map<String, Object> values = common(table.table(), group);
        double rows = counted.rows();
        long nulls = counted.nulls(bins);
        values.put("column_name", column.name());
        values.put("data_type", column.type());
        values.put("count", counted.rows());
        values.put("num_nulls", nulls);
        values.put("percent_null", 100 * nulls / rows);
        values.put("distinct_count", counted.distinct());
        values.put("percent_distinct", 100.0 * counted.distinct() / (rows - nulls));
        if (bins.isNumber()) {
            long nan = counted.cells().get(bins.nullCell() + 1);
            values.put("avg", counted.mean());
            values.put("min", counted.min());
            values.put("max", counted.max());
            values.put("num_zeros", counted.zeros());
            values.put("percent_zeros", 100 * counted.zeros() / rows);
            values.put("num_nan", nan);
            values.put("percent_nan", 100 * nan / rows);
            values.put(
                    "num_infinite",
                    counted.cells().get(bins.nullCell() + 2) + counted.cells().get(bins.nullCell() + 3));
        } else {
            values.put("frequent_items", frequent(bins, counted));
        }
        return ProfileMetrics.row(ProfileMetrics.SCHEMA, values);
    }

    private static List<Row> frequent(ColumnBins bins, Counted counted) {
        List<Row> items = new ArrayList<>();
        for (int i = 0; i < bins.values().size(); i++) {
            if (counted.cells().get(i) > 0) {
                items.add(
                        RowFactory.create(bins.values().get(i), counted.cells().get(i)));
            }
        }
        return items;
    }
}
