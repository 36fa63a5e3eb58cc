package dev.millrace.job.scoring;

import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.NativePipeline;
import dev.millrace.engine.model.Scoring;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.tracking.ResolvedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores a table by a model. One pass over the input and no shuffle, but for what MERGE needs; another pass where rows
 * have no prediction. How they are written: {@link PredictionsWrite}, {@link QuarantineWrite}. See docs/jobs/score.md.
 */
public final class ScoreJob implements Job<ScoreConfig, ScoreResult> {
    @Override
    public String name() {
        return "score";
    }

    @Override
    public Class<ScoreConfig> configType() {
        return ScoreConfig.class;
    }

    /** All versions of a model are one subset. */
    @Override
    public List<String> subset(ScoreConfig config) {
        return List.of("model " + config.model().withoutVersion());
    }

    @Override
    public boolean asksRegistry(ScoreConfig config) {
        return ResolvedModel.isInRegistry(config.model().text());
    }

    @Override
    public List<String> alsoDependsOn(ScoreConfig config, JobContext ctx) {
        return ModelDirectory.identities(ctx.registry().resolve(config.model().text()));
    }

    @Override
    public ScoreResult run(ScoreConfig config, JobContext ctx) {
        ResolvedModel resolved = ctx.registry().resolve(config.model().text());
        ModelDirectory model = ModelDirectory.open(ctx.registry().download(resolved));
        TableVersion input = ctx.tables().open(config.input());
        requireColumns(config, model, input, ctx.interval());
        ScoreConfig.Engine engine = engine(config, model);
        ctx.progress()
                .step("scoring " + input.printed() + " with " + resolved.printed() + " ("
                        + engine.name().toLowerCase(Locale.ROOT) + ")");
        Dataset<Row> rows = Predictions.timed(wanted(config, ctx, input, resolved), config.timeColumn());
        List<String> kept = new ArrayList<>(config.keys());
        kept.add(Predictions.EVENT_TIME);
        kept.addAll(config.keep());
        UnscorableRows unscorable = new UnscorableRows(rows, kept, model);
        Scored scored = scored(unscorable.scorable(), kept, model, engine, ctx);
        try {
            Dataset<Row> predictions = Predictions.complete(scored.rows(), resolved, input, ctx);
            Commit commit = new PredictionsWrite(config, ctx, resolved).write(predictions, rows, unscorable);
            QuarantineWrite.Written rejected = new QuarantineWrite(config, ctx, resolved).write(unscorable);
            return new ScoreResult(
                    commit,
                    rejected.commit(),
                    rejected.rows(),
                    resolved.printed(),
                    engine.name().toLowerCase(Locale.ROOT));
        } finally {
            scored.graph().ifPresent(Broadcast::destroy);
        }
    }

    private record Scored(Dataset<Row> rows, Optional<Broadcast<byte[]>> graph) {}

    private static void requireColumns(
            ScoreConfig config, ModelDirectory model, TableVersion input, Optional<Interval> interval) {
        Scoring.requireInputs(model.info(), input.schema(), "Table `" + input.name() + "` version " + input.version());
        List<String> named = new ArrayList<>(config.keys());
        named.addAll(config.keep());
        config.timeColumn().ifPresent(named::add);
        input.require(named);
        input.requireTimes(config.timeColumn().stream().toList());
        if (interval.isPresent() && config.timeColumn().isEmpty()) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "The command sets an interval, but the job has no `time-column`. Add `time-column` to the `score`"
                            + " section.");
        }
    }

    private static ScoreConfig.Engine engine(ScoreConfig config, ModelDirectory model) {
        boolean onnx = model.hasOnnx();
        boolean spark = model.info().spark().isPresent();
        return switch (config.engine()) {
            case AUTO -> onnx ? ScoreConfig.Engine.ONNX : required(spark, ScoreConfig.Engine.SPARK, model);
            case ONNX -> required(onnx, ScoreConfig.Engine.ONNX, model);
            case SPARK -> required(spark, ScoreConfig.Engine.SPARK, model);
        };
    }

    private static ScoreConfig.Engine required(boolean there, ScoreConfig.Engine engine, ModelDirectory model) {
        if (there) return engine;
        throw new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "The model in " + model.folder() + " has no "
                        + engine.name().toLowerCase(Locale.ROOT)
                        + " flavour. Use `engine: auto`, or a model with this flavour.");
    }

    private static Dataset<Row> wanted(ScoreConfig config, JobContext ctx, TableVersion input, ResolvedModel model) {
        Dataset<Row> rows = config.incremental() ? new UnscoredRows(config, ctx, model).of(input) : input.rows();
        if (ctx.interval().isEmpty()) return rows;
        String time = Columns.quoted(config.timeColumn().orElseThrow());
        return rows.where(ctx.interval().get().where(time));
    }

    private static Scored scored(
            Dataset<Row> rows, List<String> kept, ModelDirectory model, ScoreConfig.Engine engine, JobContext ctx) {
        if (engine == ScoreConfig.Engine.SPARK) {
            return new Scored(
                    Scoring.bySpark(rows, kept, model, NativePipeline.load(model, ctx.home(), hadoop(ctx))),
                    Optional.empty());
        }
        Broadcast<byte[]> graph =
                JavaSparkContext.fromSparkContext(ctx.spark().sparkContext()).broadcast(model.onnx());
        return new Scored(Scoring.byOnnx(rows, kept, model, graph), Optional.of(graph));
    }

    private static org.apache.hadoop.conf.Configuration hadoop(JobContext ctx) {
        return ctx.spark().sparkContext().hadoopConfiguration();
    }
}
