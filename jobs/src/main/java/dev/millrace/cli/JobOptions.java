package dev.millrace.cli;

import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Overrides;
import dev.millrace.platform.config.Scalars;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of commands that run a job file. */
final class JobOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "The job file; a path or a URI.")
    private String config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Replace a value of the job file, or set one of its parameters. Repeatable.")
    private List<String> set = new ArrayList<>();

    @Option(names = "--interval-start", paramLabel = "T", description = "Start of the interval, included (ISO-8601).")
    private String intervalStart;

    @Option(names = "--interval-end", paramLabel = "T", description = "End of the interval, excluded (ISO-8601).")
    private String intervalEnd;

    @Option(
            names = "--as-of",
            paramLabel = "T",
            description = "Read the tables in their state at that time (ISO-8601).")
    private String asOf;

    @Option(names = "--force", description = "Run even if nothing has changed.")
    private boolean force;

    @Option(names = "--dry-run", description = "Check the job file, resolve versions, print the plan; write nothing.")
    private boolean dryRun;

    String config(String command) {
        if (config == null) throw JobFile.missing(command);
        return config;
    }

    Overrides overrides() {
        return Overrides.parse(set);
    }

    /** @throws MillraceException USAGE when only one end is given or it is no time */
    Optional<Interval> interval() {
        if (intervalStart == null && intervalEnd == null) return Optional.empty();
        if (intervalStart == null || intervalEnd == null) {
            throw new MillraceException(
                    ErrorKind.USAGE, "The interval has only one end. Set `--interval-start` and `--interval-end`.");
        }
        try {
            return Optional.of(
                    new Interval(time("--interval-start", intervalStart), time("--interval-end", intervalEnd)));
        } catch (IllegalArgumentException reversed) {
            throw new MillraceException(ErrorKind.USAGE, reversed.getMessage(), reversed);
        }
    }

    Optional<Instant> asOf() {
        return Optional.ofNullable(asOf).map(text -> time("--as-of", text));
    }

    boolean force() {
        return force;
    }

    boolean dryRun() {
        return dryRun;
    }

    static Instant time(String option, String text) {
        try {
            return Scalars.instant(text);
        } catch (IllegalArgumentException unreadable) {
            throw new MillraceException(
                    ErrorKind.USAGE, "`" + option + " " + text + "`: " + unreadable.getMessage() + ".", unreadable);
        }
    }
}
