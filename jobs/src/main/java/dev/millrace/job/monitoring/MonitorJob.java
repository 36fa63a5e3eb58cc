package dev.millrace.job.monitoring;

import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.ModelInfo;
import dev.millrace.engine.model.ProfileJson;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.model.TrainingProfile;
import dev.millrace.engine.monitor.Comparison;
import dev.millrace.engine.monitor.Comparisons;
import dev.millrace.engine.monitor.DriftTable;
import dev.millrace.engine.monitor.MonitorReport;
import dev.millrace.engine.monitor.MonitorRows;
import dev.millrace.engine.monitor.Qualities;
import dev.millrace.engine.monitor.Span;
import dev.millrace.engine.monitor.TypeChange;
import dev.millrace.engine.monitor.WindowCounts;
import dev.millrace.engine.monitor.WindowProfiles;
import dev.millrace.engine.monitor.Windowed;
import dev.millrace.engine.scan.BinCounting;
import dev.millrace.engine.truth.ModelPredictions;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
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
import org.apache.spark.sql.Row;

/**
 * Compares the inputs and predictions of a model with its training rows, window by window. One pass over the inputs and
 * one over the predictions, which move no rows; with labels, one join more. See docs/jobs/monitor.md.
 */
public final class MonitorJob implements Job<MonitorConfig, MonitorResult> {
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
        BinCounting.Windows windows = new BinCounting.Windows(ModelPredictions.EVENT_TIME, config.granularity());
        Span span = Span.of(ctx.interval(), windows);
        WindowCounts counts = new WindowCounts(config, model.profile(), span);
        if (config.inputs().isPresent()) tables.add(inputs(config, ctx, model, counts));
        if (config.predictions().isPresent()) tables.add(predictions(config, ctx, model, counts));
        Comparisons compare = new Comparisons(config, model.profile(), windows);
        warn(ctx, compare.slicesWithoutBaseline(tables), tables);
        List<Comparison> comparisons = compare.of(tables, span.from().orElse(Long.MIN_VALUE));
        Map<Long, Scorecard> qualities = config.labels().isEmpty()
                ? Map.of()
                : new Qualities(config, ctx.tables(), model.directory(), windows, judging(ctx))
                        .of(model.resolved(), span.from(), span.to());
        return report(config, ctx, model, new Found(tables, comparisons, qualities, windows, span));
    }

    private record Found(
            List<Windowed> tables,
            List<Comparison> comparisons,
            Map<Long, Scorecard> qualities,
            BinCounting.Windows windows,
            Span span) {}

    private static Qualities.Judging judging(JobContext ctx) {
        return new Qualities.Judging(ctx.clock().instant(), ctx.seed(), ctx.progress());
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

    private static Windowed inputs(MonitorConfig config, JobContext ctx, Watched model, WindowCounts counts) {
        TableVersion table = ctx.tables().open(config.inputs().orElseThrow());
        String time = config.timeColumn().orElseThrow();
        List<TrainingProfile.Column> columns = counts.columns(TrainingProfile.Role.INPUT);
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
        return counts.of(table, TrainingProfile.Role.INPUT, table.rows(), time);
    }

    private static Windowed predictions(MonitorConfig config, JobContext ctx, Watched model, WindowCounts counts) {
        List<TrainingProfile.Column> columns = counts.columns(TrainingProfile.Role.OUTPUT);
        TableVersion table = ctx.tables().open(config.predictions().orElseThrow());
        List<String> needed = new ArrayList<>(
                columns.stream().map(TrainingProfile.Column::name).toList());
        needed.addAll(List.of(ModelPredictions.EVENT_TIME, "model_name", "model_version"));
        table.require(needed);
        ctx.progress().step("counting the predictions in " + table.printed());
        return counts.of(
                table,
                TrainingProfile.Role.OUTPUT,
                ModelPredictions.of(table, model.resolved()),
                ModelPredictions.EVENT_TIME);
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
        MonitorRows about =
                new MonitorRows(config, found.windows(), ctx.run().id(), model.modelName(), model.modelVersion());
        DriftTable table = new DriftTable(about);
        List<Row> rows = table.rows(found.comparisons());
        List<Row> profiles = new WindowProfiles(about)
                .rows(found.tables(), found.qualities(), found.span().from());
        List<Commit> commits = List.of(
                ctx.tables()
                        .replaceWhere(
                                config.output(),
                                ctx.spark()
                                        .createDataFrame(rows, DriftTable.SCHEMA)
                                        .repartition(1),
                                about.ownedDrift(found.tables(), found.span())),
                ctx.tables()
                        .replaceWhere(
                                config.profiles(),
                                ctx.spark()
                                        .createDataFrame(profiles, ProfileMetrics.SCHEMA)
                                        .repartition(1),
                                about.ownedProfiles(found.tables(), found.span())));
        MonitorResult result = MonitorSummary.of(config, found.comparisons(), found.tables(), commits);
        String owner = about.owner(
                found.tables().stream().map(one -> one.table().name()).toList());
        model.modelVersion().ifPresent(version -> {
            for (Map.Entry<Long, List<Row>> window : byWindow(rows).entrySet()) {
                for (String body : table.bodies(window.getValue(), owner)) {
                    ctx.run().drift(model.modelName(), String.valueOf(version), window.getKey(), body);
                }
            }
        });
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

    /** By the start of the window, epoch milliseconds. */
    private static Map<Long, List<Row>> byWindow(List<Row> rows) {
        Map<Long, List<Row>> byWindow = new TreeMap<>();
        for (Row row : rows) {
            Instant start =
                    row.getStruct(DriftTable.SCHEMA.fieldIndex("window")).getAs(0);
            byWindow.computeIfAbsent(start.toEpochMilli(), unseen -> new ArrayList<>())
                    .add(row);
        }
        return byWindow;
    }
}
