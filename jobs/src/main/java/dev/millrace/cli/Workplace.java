package dev.millrace.cli;

import dev.millrace.job.JobRunner;
import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Overrides;
import dev.millrace.platform.config.Problems;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import dev.millrace.platform.progress.ConsoleProgress;
import dev.millrace.platform.progress.Progress;
import dev.millrace.platform.spark.SparkSessions;
import dev.millrace.platform.spark.TaskListener;
import dev.millrace.platform.table.Lake;
import dev.millrace.platform.table.Tables;
import dev.millrace.platform.tracking.ServerLocation;
import dev.millrace.platform.tracking.Tracking;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** Makes what commands work with out of options, job file and environment. */
record Workplace(Shell shell, CommonOptions options) {
    private static final String DEFAULT_HOME = ".millrace";

    /** {@code --home}, then MILLRACE_HOME, then the job file, then {@code ./.millrace}. */
    Home home(Optional<String> ofFile) {
        String given = options.home()
                .or(() -> Optional.ofNullable(shell.environment().get("MILLRACE_HOME")))
                .or(() -> ofFile)
                .orElse(DEFAULT_HOME);
        boolean relative = !given.contains(":/") && !Path.of(given).isAbsolute();
        String placed = relative ? shell.folder().resolve(given).toString() : given;
        return Home.of(placed, Path.of(System.getProperty("java.io.tmpdir"), "millrace-" + user()));
    }

    /** Reads the job file of {@code job}, of any job when empty, and collects what is wrong with it. */
    Optional<JobFile> read(String name, Optional<String> job, Overrides overrides, Problems problems) {
        return JobFile.read(name, text(name), job, overrides, shell.environment()::get, problems);
    }

    /** Prints warnings, and throws when there is any problem. */
    void require(Problems problems) {
        problems.warnings().forEach(warning -> shell.err().println("warning: " + warning));
        problems.throwIfAny();
    }

    /** @throws MillraceException USAGE when the file cannot be read */
    String text(String name) {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(
                name.contains(":/")
                        ? name
                        : shell.folder().resolve(name).toAbsolutePath().toUri().toString());
        try (InputStream in = opened(name, path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            String reason = String.valueOf(unreadable.getMessage()).contains("does not exist")
                    ? "there is no such file in " + path.getParent().toUri().getPath()
                    : unreadable.getMessage();
            throw new MillraceException(
                    ErrorKind.USAGE, "Cannot read the job file `" + name + "`: " + reason + ".", unreadable);
        }
    }

    private static InputStream opened(String name, org.apache.hadoop.fs.Path path) throws IOException {
        FileSystem files = path.getFileSystem(SparkSessions.hadoop());
        if (files.getFileStatus(path).isDirectory()) {
            throw new MillraceException(ErrorKind.USAGE, "The job file `" + name + "` is a folder. Use a file.");
        }
        return files.open(path);
    }

    Tracking tracking(Home home, Optional<String> uri) {
        return new Tracking(
                ServerLocation.find(uri, home, shell.environment()), home, shell.clock(), Workplace::newRunId);
    }

    /**
     * @param soFar the command's document as it stands, for {@code --json}, when the process is asked to end
     */
    JobRunner runner(JobFile file, Supplier<Map<String, Object>> soFar) {
        Home home = home(file.common().home());
        Tracking tracking = tracking(home, file.common().tracking().uri());
        shell.interruption().whenInterrupted(cause -> interrupted(file.job(), cause, tracking, soFar));
        Map<String, String> conf = new LinkedHashMap<>();
        file.common().spark().conf().forEach((key, value) -> conf.put(key, String.valueOf(value)));
        SparkSession session = session(file.job(), conf, spark -> {
            shell.interruption().watch(spark::isStopped);
            tracking.watch(spark::isStopped);
        });
        return new JobRunner(
                session,
                home,
                tracking,
                shell.clock(),
                user(),
                file.name(),
                GitCommit.of(shell.folder().resolve(file.name()).toAbsolutePath()),
                Millrace.VERSION);
    }

    /** Runs in a shutdown hook, before Spark's own, or in the job's thread when the cluster ended the application. */
    private void interrupted(
            String job, Interruption.Cause cause, Tracking tracking, Supplier<Map<String, Object>> soFar) {
        List<String> killed = tracking.killOpen();
        String runs = killed.isEmpty() ? "" : " Marked as KILLED: run " + String.join(", ", killed) + ".";
        String by = cause == Interruption.Cause.CLUSTER ? " because the cluster ended the Spark application" : "";
        String text = "interrupted: `" + job + "` was stopped before it ended" + by + "." + runs
                + " Tables hold either their old or their new version. Run the command again to continue.";
        shell.err().println(text);
        Map<String, Object> document = new LinkedHashMap<>(soFar.get());
        document.put("job", job);
        document.put("status", "interrupted");
        document.put("killed_runs", killed);
        new Report(shell, options).failure(document, text);
        shell.out().flush();
        shell.err().flush();
    }

    /** The tables of the home, for commands without a job file. */
    Tables tables(String command, Optional<Instant> asOf) {
        Home home = home(Optional.empty());
        SparkSession session = session(command, Map.of(), spark -> {});
        return new Tables(session, new Lake(session, home.lake(), Optional.empty()), asOf);
    }

    SparkSession session(String job, Map<String, String> conf, Consumer<SparkContext> begun) {
        SparkSession session = SparkSessions.create(job, conf, begun);
        session.sparkContext().setLogLevel(options.verbose() ? "INFO" : "WARN");
        return session;
    }

    /** Gives each step its progress, with the counts of Spark's tasks. */
    Function<String, Progress> progress(SparkSession session) {
        if (options.quiet()) return label -> Progress.SILENT;
        ConsoleProgress.TaskCount tasks = new ConsoleProgress.TaskCount();
        session.sparkContext().addSparkListener(new TaskListener(tasks));
        return label -> new ConsoleProgress(shell.err(), shell.terminal(), label, System::nanoTime, tasks);
    }

    private String user() {
        return Optional.ofNullable(shell.environment().get("MLFLOW_TRACKING_USERNAME"))
                .orElseGet(() -> System.getProperty("user.name", "unknown"));
    }

    private static String newRunId() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
