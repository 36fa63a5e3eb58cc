package dev.millrace.job.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.ModelInfo;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.onnx.FeaturePlan;
import dev.millrace.engine.onnx.OnnxExport;
import dev.millrace.engine.onnx.Target;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.table.TableVersion;
import java.nio.file.Path;
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
import org.apache.spark.sql.functions;

/**
 * Trains one model: chooses features and classes, fits, measures on the test rows, writes the model directory, checks
 * that ONNX and Spark agree on it, and logs it as the run's artifact {@code model/}. See docs/jobs/train.md.
 *
 * <p>Passes over the table: one for the label, one for the sample, one for the numbers, one for the categories (when
 * there are any), one into the cached matrix, one over the test rows, one over the training rows for their profile.
 */
public final class TrainJob implements Job<TrainConfig, TrainResult> {
    /** Rows whose hash is smallest: medians, deviations, examples and the check stand on them. */
    private static final int SAMPLE = 16_384;

    private static final int CHECKED = 2_000;
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

    @Override
    public TrainResult run(TrainConfig config, JobContext ctx) {
        TableVersion table = ctx.tables().open(config.table());
        FeatureColumns features = FeatureColumns.choose(config, table);
        if (!features.skipped().isEmpty()) {
            ctx.progress()
                    .warn("No features, because of their types: " + String.join(", ", features.skipped())
                            + ". Name them in `features.exclude` to silence this.");
        }
        ctx.progress().step("reading the label of " + table.printed());
        Dataset<Row> marked = new Splits(config.label(), ctx.seed()).marked(table.rows(), config.split());
        Labels labels = Labels.read(marked, config, "`" + table.printed() + "`");
        Dataset<Row> prepared = TrainingRows.prepared(marked, features, labels, config);
        List<Row> sample = TrainingRows.sample(TrainingRows.train(prepared), SAMPLE);
        FittedModel fitted = fit(config, ctx, labels, features, prepared, sample);
        return measureAndLog(config, ctx, new Trained(table, labels, fitted, prepared, sample));
    }

    private record Trained(
            TableVersion table, Labels labels, FittedModel fitted, Dataset<Row> prepared, List<Row> sample) {}

    private static FittedModel fit(
            TrainConfig config,
            JobContext ctx,
            Labels labels,
            FeatureColumns features,
            Dataset<Row> prepared,
            List<Row> sample) {
        FeaturePlan.Encoding encoding =
                config.algorithm().isTrees() ? FeaturePlan.Encoding.INDEX : FeaturePlan.Encoding.ONE_HOT;
        Dataset<Row> train = TrainingRows.train(prepared);
        FeaturePlan plan = new FeaturePlans(
                        features,
                        encoding,
                        config.maxCategories(),
                        "`" + config.table().table() + "`")
                .learn(train, sample);
        ctx.progress()
                .step(String.format(
                        Locale.ROOT,
                        "fitting %s on %,d rows, %s",
                        config.algorithm().text(),
                        labels.trainRows(),
                        FeaturePlans.printed(plan)));
        boolean balanced = config.classWeights() == TrainConfig.ClassWeights.BALANCED;
        List<Double> weights = balanced ? labels.balancedWeights() : List.of();
        LearnerParams params = LearnerParams.of(config.algorithm(), config.params());
        // What the user gave is recorded with the config; a second value for a key, 1e-6 as 1.0E-6, MLflow refuses.
        params.printed().stream()
                .filter(entry -> !config.params().containsKey(entry.getKey()))
                .forEach(entry -> ctx.run().param("params." + entry.getKey(), entry.getValue()));
        try (TrainingMatrix matrix = TrainingMatrix.of(train, plan, weights, config.partitions())) {
            Model<?> model = new Learner(config.task(), config.algorithm(), params, ctx.seed())
                    .fit(matrix.rows(), FeaturePlans.mostCategories(plan));
            PipelineModel pipeline = joined(matrix.preparation(), model);
            Map<String, Double> importances = Learner.importances(model, plan, FeaturePlans.deviations(plan, sample));
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
                ? new ModelWriter(ctx, config, folder)
                        .write(trained.fitted(), target, trained.prepared().schema(), trained.sample())
                : new ModelDirectory(folder, unsaved(target));
        Optional<Broadcast<byte[]>> graph = graph(config, ctx, trained);
        ctx.progress()
                .step("measuring on "
                        + String.format(Locale.ROOT, "%,d", trained.labels().testRows()) + " test rows");
        Dataset<Row> test =
                limited(TrainingRows.test(trained.prepared()), trained.labels().testRows());
        List<String> kept = List.of(TrainingMatrix.LABEL, TrainingRows.HASH);
        Dataset<Row> scored = graph.isPresent()
                ? Scoring.byOnnx(test, kept, directory, graph.get())
                : Scoring.bySpark(test, kept, directory, trained.fitted().pipeline());
        TestScores scores = TestScores.of(scored, target, ctx.seed());
        record(config, ctx, trained, scores);
        if (keep) {
            graph.ifPresent(bytes -> check(ctx, trained, directory, bytes));
            ctx.progress().step("counting the training rows, the baseline of drift");
            new TrainingProfileWriter(config, trained.fitted(), target, directory, graph)
                    .write(TrainingRows.train(trained.prepared()), trained.sample());
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
        return new TrainResult(
                ctx.run().id(),
                trained.labels().trainRows(),
                trained.labels().testRows(),
                measures,
                scores.printed(),
                keep);
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

    /** The rows with the smaller hashes, when there are more than can be measured at once. */
    static Dataset<Row> limited(Dataset<Row> test, long rows) {
        if (rows <= TestScores.LIMIT) return test;
        long buckets = 1_000_000;
        long taken = buckets * TestScores.LIMIT / rows;
        return test.where(functions
                .pmod(functions.col(TrainingRows.HASH), functions.lit(buckets))
                .lt(taken));
    }

    private static void check(JobContext ctx, Trained trained, ModelDirectory directory, Broadcast<byte[]> graph) {
        ctx.progress().step("checking that ONNX and Spark agree");
        List<Row> few =
                trained.sample().subList(0, Math.min(CHECKED, trained.sample().size()));
        Dataset<Row> rows =
                ctx.spark().createDataFrame(few, trained.prepared().schema()).coalesce(1);
        double difference = new BothWays(directory, trained.fitted().pipeline(), graph).largestDifference(rows);
        ctx.run().metric("onnx_largest_difference", difference);
    }

    private static void record(TrainConfig config, JobContext ctx, Trained trained, TestScores scores) {
        scores.measures().forEach((name, value) -> ctx.run().metric("test_" + name, value));
        scores.intervals().forEach((name, interval) -> {
            ctx.run().metric("test_" + name + "_low", interval.low());
            ctx.run().metric("test_" + name + "_high", interval.high());
        });
        ctx.run().metric("train_rows", (double) trained.labels().trainRows());
        ctx.run().metric("test_rows", (double) scores.rows());
        ctx.run().metric("rows_without_label", (double) trained.labels().withoutLabel());
        ctx.run().tag("millrace.algorithm", config.algorithm().text());
        ObjectNode importances = JsonNodeFactory.instance.objectNode();
        trained.fitted().importances().forEach(importances::put);
        ctx.run().artifactText("feature_importance.json", importances.toPrettyString() + "\n");
    }
}
