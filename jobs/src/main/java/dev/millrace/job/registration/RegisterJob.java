package dev.millrace.job.registration;

import dev.millrace.engine.model.ExampleCheck;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.tracking.ModelVersion;
import dev.millrace.platform.tracking.RunData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Makes a version of a registered model from the model of a run, after its sums and its own example were checked. A run
 * that is a version already stays that version. See docs/jobs/register.md.
 */
public final class RegisterJob implements Job<RegisterConfig, VersionResult> {
    private static final String WITH_MODEL = "tags.`millrace.model` = 'model' AND attributes.status = 'FINISHED'";

    @Override
    public String name() {
        return "register";
    }

    @Override
    public Class<RegisterConfig> configType() {
        return RegisterConfig.class;
    }

    @Override
    public boolean asksRegistry(RegisterConfig config) {
        return true;
    }

    @Override
    public List<String> alsoDependsOn(RegisterConfig config, JobContext ctx) {
        return List.of("run:" + runOf(config, ctx).id());
    }

    @Override
    public Optional<String> nothingToDo(RegisterConfig config, JobContext ctx) {
        RunData run = runOf(config, ctx);
        return known(config, ctx, run).map(version -> "run " + run.id() + " is " + version.printed() + " already");
    }

    /** A version may have been deleted since. */
    @Override
    public boolean resultRemains(RegisterConfig config, JobContext ctx) {
        return nothingToDo(config, ctx).isPresent();
    }

    private static Optional<ModelVersion> known(RegisterConfig config, JobContext ctx, RunData run) {
        return ctx.registry().versions(config.model()).stream()
                .filter(version -> version.runId().equals(run.id()))
                .findFirst();
    }

    @Override
    public VersionResult run(RegisterConfig config, JobContext ctx) {
        RunData run = runOf(config, ctx);
        Optional<ModelVersion> known = known(config, ctx, run);
        if (known.isPresent()) return new VersionResult(known.get(), Map.of("registered", "before"));

        ctx.progress().step("checking the model of run " + run.id());
        String source = "runs:/" + run.id() + "/model";
        ModelDirectory model =
                ModelDirectory.open(ctx.registry().download(ctx.registry().resolve(source)));
        boolean ours = model.info().algorithm().isPresent();
        if (ours && !model.isSealed()) {
            throw new MillraceException(
                    ErrorKind.MODEL_UNUSABLE,
                    "The model of run `" + run.id() + "` has no SHA256SUMS: its upload is not complete. Run `millrace"
                            + " sync`, or train the model again.");
        }
        new ExampleCheck(
                        (rows, schema) ->
                                ctx.spark().createDataFrame(rows, schema).coalesce(1),
                        JavaSparkContext.fromSparkContext(ctx.spark().sparkContext()),
                        ctx.home())
                .require(model);
        ModelVersion made = ctx.registry()
                .createVersion(
                        config.model(), run.id(), source, config.description().orElse(""), tags(config, run, model));
        return new VersionResult(made, Map.of("source", source));
    }

    private static Map<String, String> tags(RegisterConfig config, RunData run, ModelDirectory model) {
        Map<String, String> tags = new LinkedHashMap<>(config.tags());
        tags.put("millrace.digest", model.digest());
        Optional.ofNullable(run.tags().get("millrace.fingerprint"))
                .ifPresent(fingerprint -> tags.put("millrace.fingerprint", fingerprint));
        model.info().algorithm().ifPresent(algorithm -> tags.put("millrace.algorithm", algorithm));
        return tags;
    }

    private static RunData runOf(RegisterConfig config, JobContext ctx) {
        if (config.run().isPresent()) return ctx.registry().run(config.run().get());
        return ctx.registry().searchRuns(ctx.experiment(), WITH_MODEL, 1).stream()
                .findFirst()
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.NOT_FOUND,
                        "The experiment `" + ctx.experiment() + "` has no finished run with a model. Run `millrace"
                                + " train` first, or set `run`. If the registry was down during the run, `millrace"
                                + " sync` sends it."));
    }
}
