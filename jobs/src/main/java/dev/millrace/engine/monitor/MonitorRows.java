package dev.millrace.engine.monitor;

import dev.millrace.engine.scan.BinCounting;
import dev.millrace.engine.scan.GroupCounts;
import dev.millrace.platform.table.ProfileMetrics;
import dev.millrace.platform.table.TableVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What the rows of the monitoring tables have in common, and which of them are of this run.
 *
 * @param modelVersion absent for a model that is no registered version
 */
public record MonitorRows(
        MonitorDeclaration config,
        BinCounting.Windows windows,
        String runId,
        String modelName,
        Optional<Integer> modelVersion) {

    /** A time in microseconds since 1970. */
    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Start and end of a window. */
    Row window(long start) {
        return RowFactory.create(instant(start), instant(windows.end(start)));
    }

    /** Columns of both tables, by name. */
    Map<String, Object> values(TableVersion table, long window, Optional<GroupCounts.Slice> slice) {
        Map<String, Object> values = new HashMap<>();
        values.put("table_name", table.name());
        values.put("table_id", table.tableId());
        values.put("table_version", table.version());
        values.put("window", window(window));
        values.put("granularity", config.granularity().text());
        values.put("monitor_version", ProfileMetrics.MONITOR_VERSION);
        values.put("slice_key", slice.map(GroupCounts.Slice::key).orElse(null));
        values.put("slice_value", slice.map(GroupCounts.Slice::value).orElse(null));
        values.put("run_id", runId);
        values.put("model_name", modelName);
        values.put("model_version", modelVersion.orElse(null));
        return values;
    }

    /**
     * Whether the run writes the profile rows about the table as a whole: those are of all columns, so a run over some of
     * them leaves them alone, unless it has labels, whose quality stands there.
     */
    boolean isOfTable(Windowed table) {
        return config.columns().isEmpty() || (config.labels().isPresent() && table.isPredictions());
    }

    /** SQL for the rows of the drift table that this run computes, and no others. */
    public String ownedDrift(List<Windowed> tables, Span span) {
        List<String> types = new ArrayList<>();
        if (config.baseline().isTraining()) types.add("BASELINE");
        if (config.baseline().isPrevious()) types.add("CONSECUTIVE");
        return owned(
                        span,
                        tables.stream()
                                .map(table -> ofTable(table, false))
                                .collect(Collectors.joining(" OR ", "(", ")")))
                + " AND drift_type IN (" + quoted(types) + ")";
    }

    /**
     * The same as one text, for the server: a request replaces the rows that a run with the same text sent before.
     *
     * @param tables names of the monitored tables
     */
    public String owner(List<String> tables) {
        return String.join(", ", tables)
                + "; columns: " + (config.columns().isEmpty() ? "all" : String.join(", ", config.columns()))
                + "; slices: " + (config.slices().isEmpty() ? "none" : String.join(", ", config.slices()))
                + "; baseline: " + config.baseline().name().toLowerCase(Locale.ROOT);
    }

    /** The same for the table of profiles. */
    public String ownedProfiles(List<Windowed> tables, Span span) {
        return owned(
                span,
                tables.stream()
                        .map(table -> ofTable(table, isOfTable(table)))
                        .collect(Collectors.joining(" OR ", "(", ")")));
    }

    /** Those of its model, granularity and windows, and of each table its columns and slices. */
    private String owned(Span span, String ofTables) {
        List<String> conditions = new ArrayList<>();
        conditions.add("model_name = " + quoted(modelName));
        conditions.add(modelVersion.map(version -> "model_version = " + version).orElse("model_version IS NULL"));
        conditions.add("granularity = " + quoted(config.granularity().text()));
        conditions.add(ofTables);
        span.from().ifPresent(from -> conditions.add("window.start >= TIMESTAMP '" + instant(from) + "'"));
        span.to().ifPresent(to -> conditions.add("window.start < TIMESTAMP '" + instant(to) + "'"));
        return String.join(" AND ", conditions);
    }

    private String ofTable(Windowed table, boolean wholeTable) {
        List<String> conditions = new ArrayList<>();
        conditions.add("table_name = " + quoted(table.table().name()));
        if (!config.columns().isEmpty()) {
            List<String> columns = new ArrayList<>(
                    table.columns().stream().map(column -> column.name()).toList());
            if (wholeTable) columns.add(ProfileMetrics.TABLE);
            conditions.add(columns.isEmpty() ? "false" : "column_name IN (" + quoted(columns) + ")");
        }
        List<String> slices =
                config.slices().stream().filter(table.table()::has).toList();
        conditions.add(
                slices.isEmpty()
                        ? "slice_key IS NULL"
                        : "(slice_key IS NULL OR slice_key IN (" + quoted(slices) + "))");
        return "(" + String.join(" AND ", conditions) + ")";
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(MonitorRows::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
