package dev.millrace.job.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.learn.FeaturePlans;
import dev.millrace.engine.learn.Learner;
import dev.millrace.engine.learn.Params;
import dev.millrace.engine.learn.TrainingCounts;
import dev.millrace.engine.learn.TrainingMatrix;
import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.ModelInfo;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.onnx.FeaturePlan;
import dev.millrace.engine.onnx.OnnxExport;
import dev.millrace.engine.onnx.Target;
import dev.millrace.engine.split.Split;
import dev.millrace.engine.training.BothWays;
import dev.millrace.engine.training.FeatureColumns;
import dev.millrace.engine.training.FittedModel;
import dev.millrace.engine.training.Labels;
import dev.millrace.engine.training.MarkedRows;
import dev.millrace.engine.training.ModelCard;
import dev.millrace.engine.training.ModelWriter;
import dev.millrace.engine.training.Setting;
import dev.millrace.engine.training.TrainingProfileWriter;
import dev.millrace.engine.training.TrainingRows;
import dev.millrace.engine.truth.JudgedRows;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.engine.truth.RowSample;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Trains one model: chooses features and classes, fits, measures on the test rows, writes the model directory, checks
 * that ONNX and Spark agree on it, and logs it as the run's artifact {@code model/}. See docs/jobs/train.md.
 *
 * <p>Passes over the table: one that counts labels, categories and what is wrong with the rows, one for the sample, one
 * into the cached matrix, one over the test rows, one over the training rows for their profile. A split by time without
 * a date and a stratified one count once more before.
 */
public final class TrainJob implements Job<TrainConfig, TrainResult> {
    /** Rows whose hash is smallest: medians, deviations, examples and the check stand on them. */
    private static final int SAMPLE = 16_384;

    private static final int CHECKED = 2_000;
    /** From which probability on a row counts as positive. */
    private static final double THRESHOLD = 0.5;

    /** Tag of runs that keep a model; its value is the artifact folder. `register` looks for it. */
    private static final String MODEL_TAG = "millrace.model";

    @Override
    public String name() {
        return "train";
    }

    @Override
    public Class<TrainConfig> configType() {
        return TrainConfig.class;
    }

    /** Files that differ in one of these keep their rows of the split table apart. */
    @Override
    public List<String> subset(TrainConfig config) {
        return List.of(
                "label " + config.label(), "algorithm " + config.algorithm().text(), "split " + config.split());
    }

    @Override
    public TrainResult run(TrainConfig config, JobContext ctx) {
        return run(config, ctx, Optional.empty());
    }

    /**
     * Trains the winner of a search.
     *
     * @param validation the split its trials were chosen by; empty: there were none. Written beside the model.
     */
    public TrainResult run(TrainConfig config, JobContext ctx, Optional<Split> validation) {
        TableVersion table = ctx.tables().open(config.table());
        FeatureColumns features = FeatureColumns.choose(config, table);
        if (!features.skipped().isEmpty()) {
            ctx.progress()
                    .warn("Not used as features, because of their types: " + String.join(", ", features.skipped())
                            + ". Name them in `features.exclude` to hide this warning.");
        }
        ctx.progress().step("counting labels and categories of " + table.printed());
        try (MarkedRows marked = MarkedRows.of(config, setting(ctx))) {
            TrainingCounts counts = marked.counted(config, features);
            Labels labels = Labels.of(counts, config, marked.labelType(), "`" + table.printed() + "`");
            warnOfLate(ctx, labels);
            Dataset<Row> prepared = TrainingRows.prepared(marked, columns(config, features), labels, config.label());
            List<Row> sample = RowSample.collect(
                    TrainingRows.train(prepared), JudgedRows.HASH, labels.trainRows(), SAMPLE, rows -> rows);
            FittedModel fitted = fit(config, ctx, labels, features, counts, prepared, sample);
            TrainResult result = measureAndLog(config, ctx, new Trained(table, labels, fitted, prepared, sample));
            if (!result.modelLogged()) return result;
            Optional<Commit> split = new SplitTable(config, ctx).write(table, marked, validation);
            return split.map(result::with).orElse(result);
        }
    }

    /** What trainings of this job stand on. */
    public static Setting setting(JobContext ctx) {
        return new Setting(ctx.tables(), ctx.seed(), ctx.clock().instant());
    }

    /** The tables a training reads, each with its id and version. */
    public static List<String> read(TrainConfig config, JobContext ctx) {
        List<TableVersion> read = new ArrayList<>(List.of(ctx.tables().open(config.table())));
        config.labels()
                .flatMap(LabelSource::table)
                .ifPresent(labels -> read.add(ctx.tables().open(labels)));
        return read.stream()
                .map(table -> table.printed() + "#" + table.tableId())
                .toList();
    }

    private static void warnOfLate(JobContext ctx, Labels labels) {
        if (labels.late() == 0) return;
        ctx.progress()
                .warn(String.format(
                        Locale.ROOT,
                        "%,d training rows have a label that was not known when the test rows begin; they are left out"
                                + " (`split.label-cut: all` includes them).",
                        labels.late()));
    }

    private static List<String> columns(TrainConfig config, FeatureColumns features) {
        List<String> columns = new ArrayList<>(features.all());
        config.slices().stream().filter(slice -> !columns.contains(slice)).forEach(columns::add);
        return columns;
    }

    private record Trained(
            TableVersion table, Labels labels, FittedModel fitted, Dataset<Row> prepared, List<Row> sample) {}

    private static FittedModel fit(
            TrainConfig config,
            JobContext ctx,
            Labels labels,
            FeatureColumns features,
            TrainingCounts counts,
            Dataset<Row> prepared,
            List<Row> sample) {
        Learner learner = config.algorithm().learner();
        Dataset<Row> train = TrainingRows.train(prepared);
        FeaturePlan plan = new FeaturePlans(
                        features.numeric(),
                        features.categorical(),
                        learner.encoding(),
                        "`" + config.table().table() + "`")
                .learn(train, counts, sample);
        ctx.progress()
                .step(String.format(
                        Locale.ROOT,
                        "fitting %s on %,d rows, %s",
                        config.algorithm().text(),
                        labels.trainRows(),
                        FeaturePlans.printed(plan)));
        boolean balanced = config.classWeights() == TrainConfig.ClassWeights.BALANCED;
        List<Double> weights = balanced ? labels.balancedWeights() : List.of();
        Params params = Params.of(config.algorithm(), config.params());
        // What the user gave is recorded with the config; a second value for a key, 1e-6 as 1.0E-6, MLflow refuses.
        params.printed().stream()
                .filter(entry -> !config.params().containsKey(entry.getKey()))
                .forEach(entry -> ctx.run().param("params." + entry.getKey(), entry.getValue()));
        try (TrainingMatrix matrix = TrainingMatrix.of(train, plan, weights, config.partitions())) {
            Model<?> model =
                    learner.fit(matrix.rows(), config.task(), params, FeaturePlans.mostCategories(plan), ctx.seed());
            PipelineModel pipeline = joined(matrix.preparation(), model);
            Map<String, Double> importances = learner.byColumn(model, plan, FeaturePlans.deviations(plan, sample));
            return new FittedModel(plan, pipeline, model, importances);
        }
    }

    private static PipelineModel joined(PipelineModel preparation, Model<?> model) {
        Transformer[] stages = java.util.Arrays.copyOf(preparation.stages(), preparation.stages().length + 1);
        stages[stages.length - 1] = model;
        return new PipelineModel("millrace", stages);
    }

    private static TrainResult measureAndLog(TrainConfig config, JobContext ctx, Trained trained) {
        Path folder = ctx.home().cache().resolve("training").resolve(ctx.run().id());
        try {
            return measured(config, ctx, trained, folder);
        } finally {
            ModelWriter.remove(folder);
        }
    }

    private static TrainResult measured(TrainConfig config, JobContext ctx, Trained trained, Path folder) {
        Target target = trained.labels().target();
        boolean keep = config.logModel() == TrainConfig.Switch.ON;
        ModelDirectory directory = keep
                ? new ModelWriter(config, ctx.home(), ctx.spark().sparkContext().hadoopConfiguration(), folder)
                        .write(
                                trained.fitted(),
                                target,
                                trained.prepared().schema(),
                                new ModelWriter.Made(ctx.run().id(), ctx.clock().instant(), trained.sample()))
                : new ModelDirectory(folder, unsaved(target));
        Optional<Broadcast<byte[]>> graph = graph(config, ctx, trained);
        ctx.progress()
                .step("evaluating on "
                        + String.format(Locale.ROOT, "%,d", trained.labels().testRows()) + " test rows");
        Scorecard scores = scores(config, ctx, trained, directory, graph);
        record(config, ctx, trained, scores);
        if (keep) {
            graph.ifPresent(bytes -> check(ctx, trained, directory, bytes));
            ctx.progress().step("writing the training profile");
            new TrainingProfileWriter(config, trained.fitted(), target, directory, graph)
                    .write(
                            TrainingRows.train(trained.prepared()),
                            few(ctx, trained, trained.sample().size()));
            directory.text(
                    "model_card.md",
                    new ModelCard(config, trained.table(), trained.labels(), trained.fitted(), scores, ctx.seed())
                            .text());
            directory.seal();
            ctx.run().artifactDirectory(folder, "model");
            ctx.run().tag(MODEL_TAG, "model");
        }
        graph.ifPresent(Broadcast::destroy);
        Map<String, Double> measures = new LinkedHashMap<>();
        scores.measures().forEach((name, value) -> measures.put("test_" + name, value));
        Map<String, Object> printed = new LinkedHashMap<>(scores.printed("test_"));
        if (trained.labels().late() > 0) {
            printed.put(
                    "labels_after_cut",
                    String.format(Locale.ROOT, "%,d", trained.labels().late()));
        }
        return new TrainResult(
                ctx.run().id(),
                trained.labels().trainRows(),
                trained.labels().testRows(),
                measures,
                printed,
                keep,
                Optional.empty());
    }

    private static ModelInfo unsaved(Target target) {
        return new ModelInfo(
                Optional.empty(),
                List.of(),
                target,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<Broadcast<byte[]>> graph(TrainConfig config, JobContext ctx, Trained trained) {
        if (config.onnx() == TrainConfig.Switch.OFF) return Optional.empty();
        byte[] bytes = OnnxExport.write(
                trained.fitted().plan(),
                trained.labels().target(),
                trained.fitted().model());
        return Optional.of(
                JavaSparkContext.fromSparkContext(ctx.spark().sparkContext()).broadcast(bytes));
    }

    private static Scorecard scores(
            TrainConfig config,
            JobContext ctx,
            Trained trained,
            ModelDirectory directory,
            Optional<Broadcast<byte[]>> graph) {
        Target target = trained.labels().target();
        List<String> kept = List.of(JudgedRows.TRUTH, JudgedRows.HASH);
        List<Row> rows = RowSample.collect(
                TrainingRows.test(trained.prepared()),
                JudgedRows.HASH,
                trained.labels().testRows(),
                JudgedRows.limit(target),
                test -> JudgedRows.scored(
                        graph.isPresent()
                                ? Scoring.byOnnx(test, kept, directory, graph.get())
                                : Scoring.bySpark(
                                        test, kept, directory, trained.fitted().pipeline()),
                        target,
                        List.of()));
        // Trials are compared by their measures; the winner's intervals are computed once.
        Scorecard.Intervals intervals = config.logModel() == TrainConfig.Switch.ON
                ? Scorecard.Intervals.ALL
                : Scorecard.Intervals.WITHOUT_BOOTSTRAP;
        return Scorecard.of(JudgedRows.judged(rows, target), THRESHOLD, ctx.seed(), intervals);
    }

    /** The first rows of the sample, in one partition. */
    private static Dataset<Row> few(JobContext ctx, Trained trained, int most) {
        List<Row> rows =
                trained.sample().subList(0, Math.min(most, trained.sample().size()));
        return ctx.spark().createDataFrame(rows, trained.prepared().schema()).coalesce(1);
    }

    private static void check(JobContext ctx, Trained trained, ModelDirectory directory, Broadcast<byte[]> graph) {
        ctx.progress().step("comparing ONNX with Spark");
        Dataset<Row> rows = few(ctx, trained, CHECKED);
        double difference = new BothWays(directory, trained.fitted().pipeline(), graph).largestDifference(rows);
        ctx.run().metric("onnx_largest_difference", difference);
    }

    private static void record(TrainConfig config, JobContext ctx, Trained trained, Scorecard scores) {
        scores.metrics("test_").forEach(ctx.run()::metric);
        ctx.run().metric("train_rows", (double) trained.labels().trainRows());
        ctx.run().metric("test_rows", (double) scores.rows());
        ctx.run().metric("rows_without_label", (double) trained.labels().withoutLabel());
        if (config.cutsLabels()) {
            ctx.run().metric("labels_after_cut", (double) trained.labels().late());
        }
        ctx.run().tag("millrace.algorithm", config.algorithm().text());
        ObjectNode importances = JsonNodeFactory.instance.objectNode();
        trained.fitted().importances().forEach(importances::put);
        ctx.run().artifactText("feature_importance.json", importances.toPrettyString() + "\n");
    }
}
