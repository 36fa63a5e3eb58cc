package dev.millrace.cli;

import dev.millrace.flow.pipeline.Pipeline;
import dev.millrace.job.Job;
import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Overrides;
import dev.millrace.platform.config.Problems;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks job files without starting Spark. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Check job files: keys, types, ranges. Runs without Spark and reads no tables.")
final class ValidateCommand implements Callable<Integer> {
    private final Shell shell;
    private final Map<String, Job<?, ?>> jobs;

    @Mixin
    private CommonOptions common;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Job files and pipelines.")
    private List<String> files;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Replace a value or set a parameter, as for the job. Repeatable.")
    private List<String> set = new ArrayList<>();

    ValidateCommand(Shell shell, Map<String, Job<?, ?>> jobs) {
        this.shell = shell;
        this.jobs = jobs;
    }

    @Override
    public Integer call() {
        Map<String, Object> problems = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        for (String file : files) {
            try {
                String checked = check(file);
                text.append(file).append(": ok (").append(checked).append(")\n");
            } catch (MillraceException wrong) {
                problems.put(file, wrong.getMessage().lines().toList());
                shell.err().println(wrong.getMessage());
            }
        }
        Report report = new Report(shell, common);
        report.text(text.toString());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("job", "validate");
        document.put("status", problems.isEmpty() ? "done" : "failed");
        document.put("problems", problems);
        report.document(document);
        return problems.isEmpty() ? 0 : ErrorKind.CONFIG.exitCode();
    }

    /** @throws MillraceException CONFIG with every problem of the file, of its section and of its steps' files */
    private String check(String name) {
        Workplace workplace = new Workplace(shell, common);
        Overrides overrides = Overrides.parse(set);
        Problems problems = new Problems();
        Optional<JobFile> file = workplace.read(name, Optional.empty(), overrides, problems);
        String checked = file.map(found -> section(found, workplace, overrides, problems))
                .orElse("");
        workplace.require(problems);
        return checked;
    }

    private String section(JobFile file, Workplace workplace, Overrides overrides, Problems problems) {
        if (file.job().equals("pipeline")) {
            return Pipeline.read(
                            file,
                            new Pipeline.Surroundings(jobs, workplace::text, overrides, shell.environment()::get),
                            problems)
                    .map(pipeline -> "pipeline of " + pipeline.names().size() + " steps")
                    .orElse("");
        }
        Job<?, ?> job = jobs.get(file.job());
        if (job != null) file.bind(job.configType(), problems);
        else {
            problems.add(
                    file.section().where(),
                    "job",
                    "is `" + file.job() + "`, which is not a command." + Nearest.hint(file.job(), jobs.keySet())
                            + " Commands: pipeline, " + String.join(", ", jobs.keySet()) + ".");
        }
        return file.job();
    }
}
