package dev.millrace.flow.retraining;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.measure.Judged;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.NativePipeline;
import dev.millrace.engine.training.HeldOut;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.job.registration.PromoteConfig;
import dev.millrace.job.registration.PromoteJob;
import dev.millrace.job.registration.RegisterConfig;
import dev.millrace.job.registration.RegisterJob;
import dev.millrace.job.training.TrainJob;
import dev.millrace.job.training.TrainResult;
import dev.millrace.platform.table.TableName;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.tracking.ModelVersion;
import dev.millrace.platform.tracking.Run;
import dev.millrace.platform.tracking.RunStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Trains a challenger when the champion's inputs drifted, compares both on the same held-out rows (paired bootstrap,
 * DeLong), and promotes the challenger or keeps the champion. Whatever it does, it says why: in the result, in the
 * version's tag and in the artifact {@code retraining/decision.json}. See docs/jobs/retrain.md.
 */
public final class RetrainJob implements Job<RetrainConfig, RetrainResult> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHALLENGER = "challenger";
    /** Tag of a version: which retraining made it. */
    private static final String IDENTITY = "millrace.retraining";

    @Override
    public String name() {
        return "retrain";
    }

    @Override
    public Class<RetrainConfig> configType() {
        return RetrainConfig.class;
    }

    @Override
    public boolean asksRegistry(RetrainConfig config) {
        return true;
    }

    /**
     * The state of monitoring, which is no declared input because it may not exist yet. The champion is not among it: a
     * promotion would make the same data look new. It is asked for all the same, so that a missing registry shows before
     * anything is written.
     */
    @Override
    public List<String> alsoDependsOn(RetrainConfig config, JobContext ctx) {
        ctx.registry().byAlias(config.model(), config.alias());
        Optional<TableName> drift = TableRef.parse(config.driftTable()).name();
        if (drift.isEmpty() || !ctx.tables().exists(drift.get())) return List.of();
        return List.of(ctx.tables().open(TableRef.of(drift.get())).printed());
    }

    @Override
    public RetrainResult run(RetrainConfig config, JobContext ctx) {
        Optional<ModelVersion> champion = ctx.registry().byAlias(config.model(), config.alias());
        String cause = "requested";
        if (config.when() == RetrainConfig.When.DRIFT && !ctx.force()) {
            DriftVerdict verdict = DriftVerdict.read(config, champion.map(ModelVersion::version), ctx);
            if (!verdict.drifted()) return notNeeded(ctx, verdict);
            cause = verdict.reason();
        }
        String identity = identity(config, ctx);
        Optional<ModelVersion> begun = ctx.force() ? Optional.empty() : begun(config, ctx, identity);
        ModelVersion challenger = begun.isPresent() ? begun.get() : challenger(config, ctx, identity, cause);
        ctx.registry().setAlias(config.model(), CHALLENGER, challenger.version());
        long rows = rows(ctx, challenger);
        boolean promotedBefore = champion.isPresent() && champion.get().version() == challenger.version();
        if (champion.isEmpty() || promotedBefore) {
            String reason = cause + (promotedBefore ? "; it was promoted before" : "; there was no champion");
            return promoted(config, ctx, challenger, rows, reason, JSON.createObjectNode());
        }
        ctx.progress().step("comparing " + champion.get().printed() + " with " + challenger.printed());
        Judgement judgement = judge(config, ctx, champion.get(), challenger);
        String reason = cause + "; " + judgement.reason();
        if (judgement.promote()) return promoted(config, ctx, challenger, rows, reason, judgement.toJson());
        ctx.registry().setVersionTag(config.model(), challenger.version(), "millrace.promotion", "kept out: " + reason);
        return told(
                ctx,
                new RetrainResult(RetrainResult.Decision.KEPT, reason, Optional.of(challenger), rows),
                judgement.toJson());
    }

    private static RetrainResult notNeeded(JobContext ctx, DriftVerdict verdict) {
        return told(
                ctx,
                new RetrainResult(RetrainResult.Decision.NOT_NEEDED, verdict.reason(), Optional.empty(), 0),
                JSON.createObjectNode());
    }

    private static TrainResult train(RetrainConfig config, JobContext ctx) {
        JobContext below =
                ctx.child(CHALLENGER, ctx.tables().open(config.train().table()));
        Run child = below.run();
        try {
            child.tag("millrace.job", "train");
            config.train().params().forEach((name, value) -> child.param("params." + name, value));
            TrainResult trained = new TrainJob().run(config.training(), below);
            child.end(RunStatus.FINISHED);
            return trained;
        } catch (Exception failed) {
            child.end(RunStatus.FAILED);
            throw failed;
        }
    }

    /** What a challenger depends on: the same retraining, begun and killed, has the same. */
    private static String identity(RetrainConfig config, JobContext ctx) {
        String text = config.training() + "|" + TrainJob.read(config.training(), ctx) + "|" + ctx.seed() + "|"
                + ctx.programVersion();
        return ModelDirectory.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The version that this retraining registered before it was killed. */
    private static Optional<ModelVersion> begun(RetrainConfig config, JobContext ctx, String identity) {
        return ctx.registry().versions(config.model()).stream()
                .filter(version -> identity.equals(version.tags().get(IDENTITY)))
                .findFirst();
    }

    private static ModelVersion challenger(RetrainConfig config, JobContext ctx, String identity, String cause) {
        TrainResult trained = train(config, ctx);
        RegisterConfig register = new RegisterConfig(
                config.model(),
                Optional.of(trained.runId()),
                Optional.of("Retrained: " + cause),
                Map.of(IDENTITY, identity));
        return new RegisterJob().run(register, ctx).version();
    }

    private static long rows(JobContext ctx, ModelVersion challenger) {
        Map<String, Double> metrics = ctx.registry().run(challenger.runId()).metrics();
        return metrics.getOrDefault("train_rows", 0.0).longValue()
                + metrics.getOrDefault("test_rows", 0.0).longValue();
    }

    private static Judgement judge(
            RetrainConfig config, JobContext ctx, ModelVersion champion, ModelVersion challenger) {
        ModelDirectory first = model(ctx, champion);
        ModelDirectory second = model(ctx, challenger);
        try (HeldOut heldOut = HeldOut.of(config.training(), TrainJob.setting(ctx), List.of(first, second))) {
            return Judgement.of(config, scores(ctx, heldOut, first), scores(ctx, heldOut, second), ctx.seed());
        }
    }

    private static ModelDirectory model(JobContext ctx, ModelVersion version) {
        String uri = "models:/" + version.model() + "/" + version.version();
        return ModelDirectory.open(ctx.registry().download(ctx.registry().resolve(uri)));
    }

    private static Judged scores(JobContext ctx, HeldOut heldOut, ModelDirectory model) {
        if (!model.hasOnnx()) {
            return heldOut.bySpark(
                    model,
                    NativePipeline.load(
                            model, ctx.home(), ctx.spark().sparkContext().hadoopConfiguration()));
        }
        Broadcast<byte[]> graph =
                JavaSparkContext.fromSparkContext(ctx.spark().sparkContext()).broadcast(model.onnx());
        try {
            return heldOut.byOnnx(model, graph);
        } finally {
            graph.destroy();
        }
    }

    private static RetrainResult promoted(
            RetrainConfig config, JobContext ctx, ModelVersion challenger, long rows, String reason, ObjectNode proof) {
        PromoteConfig promote = new PromoteConfig(
                config.model(), Optional.of(challenger.version()), config.alias(), Map.of(), Map.of(), List.of());
        new PromoteJob().run(promote, ctx);
        ctx.registry().removeAlias(config.model(), CHALLENGER); // it challenges nobody any more
        return told(
                ctx, new RetrainResult(RetrainResult.Decision.PROMOTED, reason, Optional.of(challenger), rows), proof);
    }

    private static RetrainResult told(JobContext ctx, RetrainResult result, ObjectNode proof) {
        proof.put("decision", String.valueOf(result.details().get("decision")));
        proof.put("reason", result.reason());
        result.challenger().ifPresent(version -> proof.put("challenger_version", version.printed()));
        ctx.run().artifactText("retraining/decision.json", proof.toPrettyString() + "\n");
        ctx.run().tag("millrace.decision", proof.path("decision").asText());
        return result;
    }
}
