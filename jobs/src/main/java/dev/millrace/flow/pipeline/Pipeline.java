package dev.millrace.flow.pipeline;

import dev.millrace.job.Job;
import dev.millrace.job.JobResult;
import dev.millrace.job.JobRunner;
import dev.millrace.job.Outcome;
import dev.millrace.platform.config.Binder;
import dev.millrace.platform.config.ConfigNode;
import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Overrides;
import dev.millrace.platform.config.Problems;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import dev.millrace.platform.progress.Progress;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.tracking.RunStatus;
import dev.millrace.platform.tracking.Tracking;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Steps in one Spark application. Every step's file is read and checked before the first step runs. A step whose
 * fingerprint has not changed is passed over, so a pipeline that failed goes on where it failed when it is run again;
 * there is no state file. When a step fails, the steps that need it are skipped and the others still run.
 */
public final class Pipeline {
    private static final String NAME = "pipeline";

    private final JobFile file;
    private final List<Bound<?, ?>> steps;

    private Pipeline(JobFile file, List<Bound<?, ?>> steps) {
        this.file = file;
        this.steps = steps;
    }

    private record Bound<C extends Record, R extends JobResult>(
            PipelineConfig.Step step, Job<C, R> job, JobFile file, C config) {}

    /** Reads the texts of job files and knows the commands. */
    public record Surroundings(
            Map<String, Job<?, ?>> jobs,
            Function<String, String> texts,
            Overrides overrides,
            Function<String, String> environment) {}

    /**
     * How the steps are to run.
     *
     * @param progress gives each step its own, by label
     * @param ended takes each step's outcome as soon as it is known
     */
    public record Options(
            Optional<Interval> interval,
            Optional<Instant> asOf,
            boolean force,
            Function<String, Progress> progress,
            Consumer<StepOutcome> ended) {}

    /**
     * Reads the pipeline and all its steps.
     *
     * @throws MillraceException CONFIG with the problems of all steps
     */
    public static Pipeline read(JobFile file, Surroundings around) {
        Problems problems = new Problems();
        Optional<Pipeline> pipeline = read(file, around, problems);
        problems.throwIfAny();
        return pipeline.orElseThrow();
    }

    /**
     * Reads the pipeline and all its steps, and collects what is wrong: with a step's entry, its file and its section,
     * whatever is wrong with the others.
     *
     * @return empty when something is wrong
     */
    public static Optional<Pipeline> read(JobFile file, Surroundings around, Problems problems) {
        ConfigNode list =
                ((ConfigNode.Mapping) file.section()).entries().get("steps").value();
        if (!(list instanceof ConfigNode.Sequence items)) {
            file.bind(PipelineConfig.class, problems);
            return Optional.empty();
        }
        if (items.items().isEmpty()) problems.add(list.where(), "steps", "is empty; list at least one step");
        List<Bound<?, ?>> bound = new ArrayList<>();
        List<String> before = new ArrayList<>();
        for (ConfigNode item : items.items()) {
            String path = "steps[" + items.items().indexOf(item) + "]";
            Optional<PipelineConfig.Step> step = new Binder(problems).bind(item, PipelineConfig.Step.class, path);
            nameOf(item).ifPresent(name -> {
                requireOrder(item, name, before, path, problems);
                before.add(name);
            });
            step.ifPresent(known -> {
                Problems ofStep = new Problems();
                try {
                    bind(file, known, around, ofStep).ifPresent(bound::add);
                } catch (MillraceException unreadable) {
                    problems.add("step `" + known.name() + "`", unreadable);
                }
                problems.addAll("step `" + known.name() + "`", ofStep);
            });
        }
        return problems.isEmpty() ? Optional.of(new Pipeline(file, bound)) : Optional.empty();
    }

    private static Optional<String> nameOf(ConfigNode step) {
        return step instanceof ConfigNode.Mapping keys && keys.entries().containsKey("name")
                ? Optional.of(String.valueOf(keys.entries().get("name").value().plain()))
                : Optional.empty();
    }

    private static void requireOrder(
            ConfigNode step, String name, List<String> before, String path, Problems problems) {
        Map<String, ConfigNode.Entry> keys = ((ConfigNode.Mapping) step).entries();
        if (before.contains(name)) {
            problems.add(
                    keys.get("name").where(),
                    path + ".name",
                    "is `" + name + "`, the name of an earlier step; rename one of them");
        }
        if (!keys.containsKey("needs")) return;
        ConfigNode needs = keys.get("needs").value();
        List<ConfigNode> needed = needs instanceof ConfigNode.Sequence several ? several.items() : List.of(needs);
        for (ConfigNode each : needed) {
            String text = String.valueOf(each.plain());
            if (before.contains(text)) continue;
            problems.add(
                    each.where(),
                    path + ".needs",
                    "names `" + text + "`, which is not an earlier step." + Nearest.hint(text, before)
                            + " Earlier steps: " + (before.isEmpty() ? "none" : String.join(", ", before)) + ".");
        }
    }

    private static Optional<? extends Bound<?, ?>> bind(
            JobFile file, PipelineConfig.Step step, Surroundings around, Problems problems) {
        Job<?, ?> job = around.jobs().get(step.job());
        if (job == null) {
            problems.add(
                    step.config().where(),
                    "job",
                    "is `" + step.job() + "`, which is not a valid job for a step."
                            + Nearest.hint(step.job(), around.jobs().keySet()) + " Jobs: "
                            + String.join(", ", around.jobs().keySet()) + ".");
            return Optional.empty();
        }
        return stepFile(file, step, around, problems).flatMap(stepFile -> bind(step, job, stepFile, problems));
    }

    private static <C extends Record, R extends JobResult> Optional<Bound<C, R>> bind(
            PipelineConfig.Step step, Job<C, R> job, JobFile file, Problems problems) {
        return file.bind(job.configType(), problems).map(config -> new Bound<>(step, job, file, config));
    }

    private static Optional<JobFile> stepFile(
            JobFile pipeline, PipelineConfig.Step step, Surroundings around, Problems problems) {
        Overrides overrides = Overrides.ofStep(step.with(), around.overrides());
        if (!(step.config() instanceof ConfigNode.Scalar path)) {
            return Optional.of(
                    JobFile.ofStep(pipeline.name(), step.job(), step.config(), pipeline.common(), overrides, problems));
        }
        String name = sibling(pipeline.name(), path.text());
        return JobFile.read(
                        name,
                        around.texts().apply(name),
                        Optional.of(step.job()),
                        overrides,
                        around.environment(),
                        problems)
                .map(file -> file.under(pipeline.common()));
    }

    /** {@code path} seen from the folder of {@code file}; absolute paths and URIs as they are. */
    private static String sibling(String file, String path) {
        boolean absolute = path.startsWith("/") || path.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
        int slash = file.lastIndexOf('/');
        return absolute || slash < 0 ? path : file.substring(0, slash + 1) + path;
    }

    /** Names of the steps, in order. */
    public List<String> names() {
        return steps.stream().map(bound -> bound.step().name()).toList();
    }

    /** Whether any step must ask the registry. */
    public boolean asksRegistry() {
        return steps.stream().anyMatch(Pipeline::asksRegistry);
    }

    private static <C extends Record, R extends JobResult> boolean asksRegistry(Bound<C, R> bound) {
        return bound.job().asksRegistry(bound.config());
    }

    /**
     * What each step would do. A step that reads what an earlier step has yet to write has no plan yet: its reason
     * stands instead.
     */
    public Map<String, Object> plan(JobRunner runner, Options options) {
        Map<String, Object> plans = new LinkedHashMap<>();
        for (Bound<?, ?> bound : steps) plans.put(bound.step().name(), plan(bound, runner, options));
        return plans;
    }

    private <C extends Record, R extends JobResult> Object plan(Bound<C, R> bound, JobRunner runner, Options options) {
        try {
            return runner.plan(bound.job(), bound.config(), request(bound, options, Progress.SILENT, Optional::empty));
        } catch (MillraceException notYet) {
            if (notYet.kind() != ErrorKind.NOT_FOUND && notYet.kind() != ErrorKind.REGISTRY_UNREACHABLE) throw notYet;
            return "waits for earlier steps: " + notYet.getMessage();
        }
    }

    private static JobRunner.Request request(
            Bound<?, ?> bound,
            Options options,
            Progress progress,
            java.util.function.Supplier<Optional<String>> parent) {
        return new JobRunner.Request(
                bound.file(), options.interval(), options.asOf(), options.force(), progress, parent);
    }

    /**
     * Runs the steps.
     *
     * @throws MillraceException REGISTRY_UNREACHABLE before the first step when some step must ask it
     */
    public PipelineOutcome run(JobRunner runner, Options options) {
        long begun = System.nanoTime();
        if (asksRegistry()) runner.tracking().requireReachable(NAME);
        runner.tracking().closeDead(NAME);
        LazyRun parent = new LazyRun(runner);
        Map<String, StepOutcome> outcomes = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            Bound<?, ?> bound = steps.get(i);
            PipelineConfig.Step step = bound.step();
            Optional<String> broken = brokenNeed(step, outcomes);
            StepOutcome outcome = broken.isPresent()
                    ? StepOutcome.skipped(step.name(), step.job(), broken.get())
                    : run(bound, runner, options, parent, (i + 1) + "/" + steps.size() + " " + step.name());
            outcomes.put(step.name(), outcome);
            options.ended().accept(outcome);
        }
        List<StepOutcome> all = List.copyOf(outcomes.values());
        boolean failed = all.stream().anyMatch(step -> step.failure().isPresent());
        parent.end(failed ? RunStatus.FAILED : RunStatus.FINISHED);
        return new PipelineOutcome(all, parent.id(), parent.url(), (System.nanoTime() - begun) / 1e9);
    }

    private static Optional<String> brokenNeed(PipelineConfig.Step step, Map<String, StepOutcome> outcomes) {
        return outcomes.values().stream()
                .filter(earlier -> earlier.outcome().isEmpty())
                .map(StepOutcome::name)
                .filter(name -> step.needs().isEmpty() || step.needs().get().contains(name))
                .findFirst();
    }

    private static <C extends Record, R extends JobResult> StepOutcome run(
            Bound<C, R> bound, JobRunner runner, Options options, LazyRun parent, String label) {
        Progress progress = options.progress().apply(label);
        try {
            Outcome outcome = runner.run(bound.job(), bound.config(), request(bound, options, progress, parent::get));
            return StepOutcome.ended(bound.step().name(), outcome);
        } catch (RuntimeException failed) {
            progress.done();
            if (runner.isStopped()) throw failed;
            return StepOutcome.failed(bound.step().name(), bound.step().job(), failed);
        }
    }

    /** The pipeline's own run, begun with the first step that has something to do. */
    private final class LazyRun {
        private final JobRunner runner;
        private Optional<Tracking.Started> started = Optional.empty();

        LazyRun(JobRunner runner) {
            this.runner = runner;
        }

        Optional<String> get() {
            if (started.isEmpty()) begin();
            return id();
        }

        private void begin() {
            Map<String, String> tags = new LinkedHashMap<>();
            tags.put("mlflow.source.name", runner.source());
            tags.put("mlflow.source.type", "JOB");
            tags.put("millrace.job", NAME);
            runner.gitCommit().ifPresent(commit -> tags.put("mlflow.source.git.commit", commit));
            JobFile.TrackingConfig tracking = file.common().tracking();
            started = Optional.of(runner.tracking()
                    .start(new Tracking.Start(
                            Optional.empty(),
                            tracking.experiment(),
                            NAME + " of " + steps.size() + " steps",
                            runner.user(),
                            tags,
                            tracking.required())));
        }

        Optional<String> id() {
            return started.map(run -> run.run().id());
        }

        Optional<String> url() {
            return started.flatMap(Tracking.Started::url);
        }

        void end(RunStatus status) {
            started.ifPresent(begun -> {
                begun.run().tag("millrace.outcome", status == RunStatus.FINISHED ? "done" : "failed");
                begun.run().end(status);
            });
        }
    }
}
