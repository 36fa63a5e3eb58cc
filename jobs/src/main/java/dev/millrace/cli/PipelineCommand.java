package dev.millrace.cli;

import dev.millrace.flow.pipeline.Pipeline;
import dev.millrace.flow.pipeline.PipelineOutcome;
import dev.millrace.flow.pipeline.StepOutcome;
import dev.millrace.job.Job;
import dev.millrace.job.JobRunner;
import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Problems;
import dev.millrace.platform.error.ErrorKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the steps of a pipeline in one Spark application. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Run the steps of a pipeline file; a repeated run continues at the failed step.")
final class PipelineCommand implements Callable<Integer> {
    private final Shell shell;
    private final Map<String, Job<?, ?>> jobs;

    @Mixin
    private CommonOptions common;

    @Mixin
    private JobOptions options;

    PipelineCommand(Shell shell, Map<String, Job<?, ?>> jobs) {
        this.shell = shell;
        this.jobs = jobs;
    }

    @Override
    public Integer call() {
        Workplace workplace = new Workplace(shell, common);
        Problems problems = new Problems();
        Optional<JobFile> read =
                workplace.read(options.config("pipeline"), Optional.of("pipeline"), options.overrides(), problems);
        Optional<Pipeline> steps = read.flatMap(found -> Pipeline.read(
                found,
                new Pipeline.Surroundings(jobs, workplace::text, options.overrides(), shell.environment()::get),
                problems));
        workplace.require(problems);
        JobFile file = read.orElseThrow();
        Pipeline pipeline = steps.orElseThrow();
        var interval = options.interval();
        var asOf = options.asOf();
        Queue<StepOutcome> ended = new ConcurrentLinkedQueue<>();
        JobRunner runner = workplace.runner(
                file,
                () -> Map.of("steps", ended.stream().map(StepOutcome::toJson).toList()));
        Pipeline.Options how =
                new Pipeline.Options(interval, asOf, options.force(), workplace.progress(runner.spark()), ended::add);
        Report report = new Report(shell, common);
        if (options.dryRun()) return plan(pipeline, runner, how, report);
        PipelineOutcome outcome = pipeline.run(runner, how);
        // The process is ending, and Spark with it: the steps' failures say nothing, and the report is printed already.
        if (shell.interruption().hasBegun()) return Failures.INTERRUPTED;
        report.document(outcome.toJson());
        report.text(ClosingTable.of(outcome));
        outcome.steps().forEach(this::tellFailure);
        return outcome.errorKind().map(ErrorKind::exitCode).orElse(0);
    }

    private static int plan(Pipeline pipeline, JobRunner runner, Pipeline.Options how, Report report) {
        Map<String, Object> steps = new LinkedHashMap<>();
        pipeline.plan(runner, how).forEach((name, plan) -> {
            boolean known = plan instanceof JobRunner.Plan;
            steps.put(name, known ? Plans.toJson((JobRunner.Plan) plan) : plan);
            report.text("step " + name + ": "
                    + (known ? Plans.toText((JobRunner.Plan) plan) : plan + System.lineSeparator()));
        });
        report.document(Map.of("job", "pipeline", "status", "planned", "steps", steps));
        return 0;
    }

    private void tellFailure(StepOutcome step) {
        step.failure().ifPresent(failure -> {
            ErrorKind kind = step.errorKind().orElseThrow();
            if (kind == ErrorKind.INTERNAL)
                LoggerFactory.getLogger(PipelineCommand.class).error("A bug", failure);
            shell.err().println("step `" + step.name() + "`: " + Failures.text(kind, failure));
        });
    }
}
