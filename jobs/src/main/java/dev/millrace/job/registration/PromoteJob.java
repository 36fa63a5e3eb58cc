package dev.millrace.job.registration;

import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.tracking.ModelVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a version the alias {@code champion} when every gate lets it, and keeps the version that had it as {@code
 * previous}. See docs/jobs/promote.md.
 */
public final class PromoteJob implements Job<PromoteConfig, VersionResult> {
    private static final String PREVIOUS = "previous";
    private static final String DECISION = "millrace.promotion";
    /** What retraining writes there of a challenger that lost: the newest version is then not the one to promote. */
    private static final String KEPT_OUT = "kept out";

    @Override
    public String name() {
        return "promote";
    }

    @Override
    public Class<PromoteConfig> configType() {
        return PromoteConfig.class;
    }

    @Override
    public boolean asksRegistry(PromoteConfig config) {
        return true;
    }

    /** The version and whom it replaces. */
    @Override
    public List<String> alsoDependsOn(PromoteConfig config, JobContext ctx) {
        ModelVersion candidate = candidate(config, ctx);
        Optional<ModelVersion> champion = ctx.registry().byAlias(config.model(), config.alias());
        return List.of(
                "model:" + candidate.model() + "/" + candidate.version(),
                "replaces:" + champion.map(ModelVersion::printed).orElse("nothing"));
    }

    @Override
    public Optional<String> nothingToDo(PromoteConfig config, JobContext ctx) {
        ModelVersion candidate = candidate(config, ctx);
        return ctx.registry()
                .byAlias(config.model(), config.alias())
                .filter(holder -> holder.version() == candidate.version())
                .map(holder -> holder.printed() + " is @" + config.alias() + " already");
    }

    /** An alias may have been moved since by other hands. */
    @Override
    public boolean resultRemains(PromoteConfig config, JobContext ctx) {
        return nothingToDo(config, ctx).isPresent();
    }

    @Override
    public VersionResult run(PromoteConfig config, JobContext ctx) {
        ModelVersion candidate = candidate(config, ctx);
        Optional<ModelVersion> champion = ctx.registry().byAlias(config.model(), config.alias());
        if (champion.isPresent() && champion.get().version() == candidate.version()) {
            return new VersionResult(candidate, Map.of(config.alias(), "was this version already"));
        }
        List<String> failures =
                new Gates(config, metrics(ctx, candidate), champion.map(version -> metrics(ctx, version))).failures();
        if (!failures.isEmpty()) throw refused(config, ctx, candidate, champion, failures);

        // The champion is kept first: killed between the two calls, a second run finds the old champion still there.
        champion.ifPresent(old -> ctx.registry().setAlias(config.model(), PREVIOUS, old.version()));
        ctx.registry().setAlias(config.model(), config.alias(), candidate.version());
        ctx.registry()
                .setVersionTag(
                        config.model(),
                        candidate.version(),
                        DECISION,
                        "promoted to @" + config.alias() + " by run "
                                + ctx.run().id());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("alias", config.alias());
        details.put(PREVIOUS, champion.map(ModelVersion::printed).orElse("nothing"));
        return new VersionResult(candidate, details);
    }

    private static Map<String, Double> metrics(JobContext ctx, ModelVersion version) {
        return version.runId().isEmpty()
                ? Map.of()
                : ctx.registry().run(version.runId()).metrics();
    }

    private static MillraceException refused(
            PromoteConfig config,
            JobContext ctx,
            ModelVersion candidate,
            Optional<ModelVersion> champion,
            List<String> failures) {
        String reasons = String.join("; ", failures);
        ctx.registry().setVersionTag(config.model(), candidate.version(), DECISION, "refused: " + reasons);
        return new MillraceException(
                ErrorKind.POLICY_REFUSED,
                "Model `" + config.model() + "` version " + candidate.version() + " was not promoted: " + reasons
                        + ". `@" + config.alias() + "` stays "
                        + champion.map(old -> "version " + old.version()).orElse("unset")
                        + "; lower the gate or train a better model.");
    }

    private static ModelVersion candidate(PromoteConfig config, JobContext ctx) {
        if (config.version().isPresent()) {
            return ctx.registry().version(config.model(), config.version().get());
        }
        return ctx.registry().versions(config.model()).stream()
                .filter(version -> !version.tags().getOrDefault(DECISION, "").startsWith(KEPT_OUT))
                .findFirst()
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.NOT_FOUND,
                        "There is no registered model `" + config.model() + "`. Run `millrace register` first."));
    }
}
