package dev.millrace.job.monitoring;

import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.ModelInfo;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.profile.BinCounting;
import dev.millrace.engine.profile.ColumnBins;
import dev.millrace.engine.profile.ProfileJson;
import dev.millrace.engine.profile.TrainingProfile;
import dev.millrace.engine.truth.ModelPredictions;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.ProfileMetrics;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.tracking.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Compares the inputs and predictions of a model with its training rows, window by window. One pass over the inputs and
 * one over the predictions, which move no rows; with labels, one join more. See docs/jobs/monitor.md.
 */
public final class MonitorJob implements Job<MonitorConfig, MonitorResult> {
    private static final String EVENT_TIME = "event_time";

    @Override
    public String name() {
        return "monitor";
    }

    @Override
    public Class<MonitorConfig> configType() {
        return MonitorConfig.class;
    }

    @Override
    public boolean asksRegistry(MonitorConfig config) {
        return ResolvedModel.isInRegistry(config.model().text());
    }

    @Override
    public List<String> alsoDependsOn(MonitorConfig config, JobContext ctx) {
        return ModelDirectory.identities(ctx.registry().resolve(config.model().text()));
    }

    /** A job that fails on drift must fail again when nothing changed. */
    @Override
    public boolean skipsWhenUnchanged(MonitorConfig config) {
        return !config.failOnDrift();
    }

    /** What is monitored, resolved. */
    private record Watched(ResolvedModel resolved, ModelDirectory directory, TrainingProfile profile) {
        String modelName() {
            return resolved.version().map(version -> version.model()).orElse(resolved.uri());
        }

        Optional<Integer> modelVersion() {
            return resolved.version().map(version -> version.version());
        }
    }

    @Override
    public MonitorResult run(MonitorConfig config, JobContext ctx) {
        ResolvedModel resolved = ctx.registry().resolve(config.model().text());
        ModelDirectory directory = ModelDirectory.open(ctx.registry().download(resolved));
        Watched model = new Watched(resolved, directory, profile(directory));
        requireKnown(config, model.profile());
        List<Windowed> tables = new ArrayList<>();
        if (config.inputs().isPresent()) tables.add(inputs(config, ctx, model));
        if (config.predictions().isPresent()) tables.add(predictions(config, ctx, model));
        BinCounting.Windows windows = windows(config, EVENT_TIME);
        Span span = Span.of(config, ctx);
        Comparisons compare = new Comparisons(config, model.profile(), windows);
        warn(ctx, compare.slicesWithoutBaseline(tables), tables);
        List<Comparison> comparisons = compare.of(tables, span.from().orElse(Long.MIN_VALUE));
        Map<Long, Scorecard> qualities = config.labels().isEmpty()
                ? Map.of()
                : new Qualities(config, ctx, model.directory(), windows).of(model.resolved(), span.from(), span.to());
        return report(config, ctx, model, new Found(tables, comparisons, qualities, windows, span));
    }

    private record Found(
            List<Windowed> tables,
            List<Comparison> comparisons,
            Map<Long, Scorecard> qualities,
            BinCounting.Windows windows,
            Span span) {}

    /** The windows to look at, in microseconds; the interval widened to whole windows. Without one, all. */
    private record Span(Optional<Long> from, Optional<Long> to) {
        static Span of(MonitorConfig config, JobContext ctx) {
            if (ctx.interval().isEmpty()) return new Span(Optional.empty(), Optional.empty());
            BinCounting.Windows windows = windows(config, EVENT_TIME);
            long first = windows.start(micros(ctx.interval().get().start()));
            long last = windows.start(micros(ctx.interval().get().end()) - 1);
            return new Span(Optional.of(first), Optional.of(windows.end(last)));
        }

        private static long micros(Instant at) {
            return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1000);
        }

        /** Rows of the span, and of the window before it when that is compared with. */
        Dataset<Row> of(Dataset<Row> rows, String timeColumn, MonitorConfig config) {
            if (from.isEmpty()) return rows;
            long back = config.baseline().isPrevious() ? config.granularity().toMillis() * 1000 : 0;
            Column time = Columns.named(timeColumn).cast(DataTypes.TimestampType);
            return rows.where(time.geq(functions.lit(DriftTable.instant(from.get() - back)))
                    .and(time.lt(functions.lit(DriftTable.instant(to.orElseThrow())))));
        }
    }

    private static BinCounting.Windows windows(MonitorConfig config, String timeColumn) {
        return new BinCounting.Windows(timeColumn, config.granularity());
    }

    private static TrainingProfile profile(ModelDirectory model) {
        Path file = model.folder().resolve(TrainingProfile.JSON);
        try {
            if (Files.isRegularFile(file)) return ProfileJson.read(Files.readString(file));
        } catch (IOException | IllegalArgumentException broken) {
            throw new MillraceException(
                    ErrorKind.MODEL_UNUSABLE,
                    "The training profile " + file + " cannot be read: " + broken.getMessage() + ". Retrain the model.",
                    broken);
        }
        throw new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "The model in " + model.folder() + " has no `" + TrainingProfile.JSON
                        + "`, the baseline of drift. Train the model with `millrace train`.");
    }

    private static void requireKnown(MonitorConfig config, TrainingProfile profile) {
        List<String> known =
                profile.columns().stream().map(TrainingProfile.Column::name).toList();
        for (String column : config.columns()) {
            if (known.contains(column)) continue;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`columns` names `" + column + "`, which is not in the training profile."
                            + Nearest.hint(column, known) + " Valid columns: " + String.join(", ", known) + ".");
        }
    }

    private static Windowed inputs(MonitorConfig config, JobContext ctx, Watched model) {
        TableVersion table = ctx.tables().open(config.inputs().orElseThrow());
        String time = config.timeColumn().orElseThrow();
        List<TrainingProfile.Column> columns = columns(config, model.profile(), TrainingProfile.Role.INPUT);
        ModelInfo info = model.directory().info();
        ModelInfo watched = new ModelInfo(
                info.runId(),
                info.inputs().stream()
                        .filter(input -> columns.stream()
                                .anyMatch(column -> column.name().equals(input.name())))
                        .toList(),
                info.target(),
                info.label(),
                info.algorithm(),
                info.onnx(),
                info.spark());
        Scoring.requireInputs(watched, table.schema(), "Table `" + table.name() + "` version " + table.version());
        List<String> others = new ArrayList<>(config.slices());
        others.add(time);
        table.require(others);
        table.requireTimes(List.of(time));
        ctx.progress().step("counting the inputs in " + table.printed());
        return counted(
                config,
                table,
                TrainingProfile.Role.INPUT,
                Span.of(config, ctx).of(table.rows(), time, config),
                time,
                columns);
    }

    private static List<TrainingProfile.Column> columns(
            MonitorConfig config, TrainingProfile profile, TrainingProfile.Role role) {
        return profile.columns().stream()
                .filter(column -> column.role() == role)
                .filter(column -> config.columns().isEmpty() || config.columns().contains(column.name()))
                .toList();
    }

    private static Windowed counted(
            MonitorConfig config,
            TableVersion table,
            TrainingProfile.Role role,
            Dataset<Row> rows,
            String time,
            List<TrainingProfile.Column> columns) {
        List<ColumnBins> bins =
                columns.stream().map(TrainingProfile.Column::bins).toList();
        List<String> slices = config.slices().stream().filter(table::has).toList();
        Dataset<Row> comparable = rows;
        for (TrainingProfile.Column column : columns) {
            Optional<Column> values = TypeChange.of(column, table.schema()).flatMap(TypeChange::comparable);
            if (values.isPresent()) comparable = comparable.withColumn(column.name(), values.get());
        }
        BinCounting counting = new BinCounting(bins, slices, Optional.of(windows(config, time)));
        return new Windowed(table, role, columns, counting.of(comparable));
    }

    private static Windowed predictions(MonitorConfig config, JobContext ctx, Watched model) {
        List<TrainingProfile.Column> columns = columns(config, model.profile(), TrainingProfile.Role.OUTPUT);
        TableVersion table = ctx.tables().open(config.predictions().orElseThrow());
        List<String> needed = new ArrayList<>(
                columns.stream().map(TrainingProfile.Column::name).toList());
        needed.addAll(List.of(EVENT_TIME, "model_name", "model_version"));
        table.require(needed);
        ctx.progress().step("counting the predictions in " + table.printed());
        return counted(
                config,
                table,
                TrainingProfile.Role.OUTPUT,
                Span.of(config, ctx).of(ModelPredictions.of(table, model.resolved()), EVENT_TIME, config),
                EVENT_TIME,
                columns);
    }

    private static void warn(JobContext ctx, List<String> slices, List<Windowed> tables) {
        if (!slices.isEmpty()) {
            ctx.progress()
                    .warn("No baseline for " + slices.size() + " slices (" + slices.get(0)
                            + " …): name them in `slices` of the training, or set `baseline: previous`.");
        }
        for (Windowed table : tables) {
            for (TypeChange change : table.typeChanges()) {
                ctx.progress()
                        .warn("The type of `" + change.column() + "` in "
                                + table.table().printed()
                                + " differs from training: " + change.text()
                                + ". Cast the column, or retrain the model with the new type.");
            }
            if (table.counts().untimed() > 0) {
                ctx.progress()
                        .warn(table.counts().untimed() + " rows of "
                                + table.table().printed() + " have no time and are left out.");
            }
            if (table.counts().groups().isEmpty()) {
                ctx.progress()
                        .warn("No row of " + table.table().printed()
                                + " is in the requested windows; the table is left out.");
            }
        }
    }

    private static MonitorResult report(MonitorConfig config, JobContext ctx, Watched model, Found found) {
        DriftTable table =
                new DriftTable(config, found.windows(), ctx.run().id(), model.modelName(), model.modelVersion());
        List<Row> rows = table.rows(found.comparisons());
        List<Row> profiles = new WindowProfiles(table)
                .rows(found.tables(), found.qualities(), found.span().from());
        List<Commit> commits = List.of(
                ctx.tables()
                        .replaceWhere(
                                config.output(),
                                ctx.spark()
                                        .createDataFrame(rows, DriftTable.SCHEMA)
                                        .repartition(1),
                                driftOwned(config, model, found)),
                ctx.tables()
                        .replaceWhere(
                                config.profiles(),
                                ctx.spark()
                                        .createDataFrame(profiles, ProfileMetrics.SCHEMA)
                                        .repartition(1),
                                String.join(
                                        " AND ",
                                        owned(config, model, found, each -> WindowProfiles.isOfTable(config, each)))));
        MonitorResult result = MonitorSummary.of(config, found.comparisons(), found.tables(), commits);
        model.modelVersion().ifPresent(version -> send(ctx, table, rows, model.modelName(), version));
        MonitorSummary.metrics(ctx.run(), found.comparisons(), found.qualities());
        ctx.run()
                .artifactText(
                        "report/index.html",
                        new MonitorReport(config, model.resolved().printed(), found.windows())
                                .html(found.comparisons(), found.qualities(), result.summary()));
        if (config.failOnDrift() && !result.drifted().isEmpty()) {
            throw new MillraceException(
                    ErrorKind.QUALITY_GATE,
                    result.summary() + ". All results were written; see `"
                            + config.output().name() + "`.");
        }
        return result;
    }

    /**
     * The rows this run computes, and no others: those of its model, granularity and windows, and of each table its
     * columns and slices.
     */
    private static List<String> owned(
            MonitorConfig config, Watched model, Found found, Predicate<Windowed> wholeTable) {
        List<String> conditions = new ArrayList<>();
        conditions.add("model_name = " + quoted(model.modelName()));
        conditions.add(model.modelVersion()
                .map(version -> "model_version = " + version)
                .orElse("model_version IS NULL"));
        conditions.add("granularity = " + quoted(config.granularityText()));
        conditions.add(found.tables().stream()
                .map(table -> ofTable(config, table, wholeTable.test(table)))
                .collect(Collectors.joining(" OR ", "(", ")")));
        found.span()
                .from()
                .ifPresent(from -> conditions.add("window.start >= TIMESTAMP '" + DriftTable.instant(from) + "'"));
        found.span().to().ifPresent(to -> conditions.add("window.start < TIMESTAMP '" + DriftTable.instant(to) + "'"));
        return conditions;
    }

    private static String ofTable(MonitorConfig config, Windowed table, boolean wholeTable) {
        List<String> conditions = new ArrayList<>();
        conditions.add("table_name = " + quoted(table.table().name()));
        if (!config.columns().isEmpty()) {
            List<String> columns = new ArrayList<>(
                    table.columns().stream().map(TrainingProfile.Column::name).toList());
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

    private static String driftOwned(MonitorConfig config, Watched model, Found found) {
        List<String> types = new ArrayList<>();
        if (config.baseline().isTraining()) types.add("BASELINE");
        if (config.baseline().isPrevious()) types.add("CONSECUTIVE");
        List<String> conditions = owned(config, model, found, table -> false);
        conditions.add("drift_type IN (" + quoted(types) + ")");
        return String.join(" AND ", conditions);
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(MonitorJob::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static void send(JobContext ctx, DriftTable table, List<Row> rows, String model, int version) {
        Map<Long, List<Row>> byWindow = new TreeMap<>();
        for (Row row : rows) {
            Instant start =
                    row.getStruct(DriftTable.SCHEMA.fieldIndex("window")).getAs(0);
            byWindow.computeIfAbsent(start.toEpochMilli(), unseen -> new ArrayList<>())
                    .add(row);
        }
        byWindow.forEach((start, window) -> ctx.run().drift(model, String.valueOf(version), start, table.body(window)));
    }
}
