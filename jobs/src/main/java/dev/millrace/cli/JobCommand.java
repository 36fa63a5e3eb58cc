package dev.millrace.cli;

import dev.millrace.job.Job;
import dev.millrace.job.JobResult;
import dev.millrace.job.JobRunner;
import dev.millrace.job.Outcome;
import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Problems;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs one job by its file. */
@Command(mixinStandardHelpOptions = true)
final class JobCommand implements Callable<Integer> {
    private final Shell shell;
    private final Job<?, ?> job;

    @Mixin
    private CommonOptions common;

    @Mixin
    private JobOptions options;

    JobCommand(Shell shell, Job<?, ?> job) {
        this.shell = shell;
        this.job = job;
    }

    @Override
    public Integer call() {
        return run(job);
    }

    private <C extends Record, R extends JobResult> int run(Job<C, R> job) {
        Workplace workplace = new Workplace(shell, common);
        Problems problems = new Problems();
        Optional<JobFile> read =
                workplace.read(options.config(job.name()), Optional.of(job.name()), options.overrides(), problems);
        Optional<C> bound = read.flatMap(found -> found.bind(job.configType(), problems));
        workplace.require(problems);
        JobFile file = read.orElseThrow();
        C config = bound.orElseThrow();
        var interval = options.interval();
        var asOf = options.asOf();
        JobRunner runner = workplace.runner(file, Map::of);
        JobRunner.Request request = new JobRunner.Request(
                file,
                interval,
                asOf,
                options.force(),
                workplace.progress(runner.spark()).apply(job.name()),
                Optional::empty);
        Report report = new Report(shell, common);
        if (options.dryRun()) {
            JobRunner.Plan plan = runner.plan(job, config, request);
            report.document(Plans.toJson(plan));
            report.text(Plans.toText(plan));
            return 0;
        }
        Outcome outcome = runner.run(job, config, request);
        report.document(outcome.toJson());
        report.text(ClosingTable.of(outcome));
        return 0;
    }
}
