package dev.millrace.cli;

import dev.millrace.job.Job;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main class: {@code millrace <command> …}. See docs/commands.md. */
@Command(
        name = "millrace",
        description = "Distributed batch ML on Spark and Delta Lake.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        version = "millrace " + Millrace.VERSION,
        footer = {
            "",
            "docs/ describes job files, keys and exit codes. `millrace COMMAND --help` shows the options of a command."
        })
public final class Millrace implements Runnable {
    static final String VERSION = "0.1.0";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command given. `millrace --help` lists the commands.");
    }

    /**
     * Runs one command, ends Spark and the process with the command's exit code.
     *
     * @throws SparkUserAppException in YARN's cluster mode, when the command failed
     */
    public static void main(String[] arguments) throws SparkUserAppException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        // Only the shell can tell whether stderr is a terminal; scripts/millrace does.
        boolean terminal = "1".equals(System.getenv("MILLRACE_TERMINAL"));
        Optional<YarnMaster> yarn = YarnMaster.here(System.getProperties(), System.getenv());
        Optional<Integer> refusal = yarn.flatMap(YarnMaster::refusal);
        if (refusal.isPresent()) {
            err.println("error: an earlier attempt of this application was refused (exit code " + refusal.get()
                    + "); its log has the message.");
            yarn.get().end(refusal.get());
        }
        Interruption interruption = new Interruption();
        LogGate log = new LogGate(System.err);
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8)); // before the first logger takes the stream
        interruption.whenInterrupted(cause -> err.println("interrupted: the command was stopped before it ended."));
        interruption.install(log);
        Shell shell = new Shell(System.getenv(), Path.of(""), out, err, terminal, Clock.systemUTC(), interruption);
        int exit = execute(shell, arguments);
        interruption.finish();
        scala.Option<SparkSession> session = SparkSession.getDefaultSession();
        if (session.isDefined()) session.get().stop();
        out.flush();
        err.flush();
        if (yarn.isPresent()) yarn.get().end(exit);
        else System.exit(exit);
    }

    /**
     * Runs one command in this process and leaves Spark running.
     *
     * @return the exit code of CONTRACT §1
     */
    static int execute(Shell shell, String... arguments) {
        return commands(shell).execute(arguments);
    }

    static CommandLine commands(Shell shell) {
        Map<String, Job<?, ?>> jobs = JobCatalog.jobs();
        CommandLine line = new CommandLine(new Millrace());
        jobs.forEach((name, job) -> {
            CommandLine command = new CommandLine(new JobCommand(shell, job));
            command.getCommandSpec().name(name).usageMessage().description(JobCatalog.description(name));
            line.addSubcommand(name, command);
        });
        line.addSubcommand("pipeline", new PipelineCommand(shell, jobs));
        line.addSubcommand("validate", new ValidateCommand(shell, jobs));
        line.addSubcommand("tables", new TablesCommand(shell));
        line.addSubcommand("lineage", new LineageCommand(shell));
        line.addSubcommand("sql", new SqlCommand(shell));
        line.addSubcommand("sync", new SyncCommand(shell));
        line.setOut(Shell.writer(shell.out()));
        line.setErr(Shell.writer(shell.err()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        Failures failures = new Failures(shell);
        line.setExecutionExceptionHandler(failures);
        line.setParameterExceptionHandler(failures);
        return line;
    }
}
