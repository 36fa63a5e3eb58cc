package dev.millrace.cli;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what went wrong, on stderr and with {@code --json} on stdout too, and gives the exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** 128 + SIGTERM; a process that ends by a signal has the code of that signal, whatever is returned here. */
    static final int INTERRUPTED = 143;

    private final Shell shell;

    Failures(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine line, ParseResult parsed) {
        // The process is ending and Spark with it; that the command fails on the way out says nothing.
        if (shell.interruption().hasBegun()) return INTERRUPTED;
        if (thrown instanceof ParameterException usage) return handleParseException(usage, new String[0]);
        ErrorKind kind = thrown instanceof MillraceException ours ? ours.kind() : ErrorKind.INTERNAL;
        if (kind == ErrorKind.INTERNAL) LoggerFactory.getLogger(Failures.class).error("A bug", thrown);
        shell.err().println(text(kind, thrown));
        String told = text(kind, thrown);
        new Report(shell, commonOf(line)).failure(json(line.getCommandName(), kind, told), told);
        return kind.exitCode();
    }

    @Override
    public int handleParseException(ParameterException usage, String[] arguments) {
        shell.err().println("error: " + usage.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(usage, Shell.writer(shell.err()))) {
            shell.err()
                    .println("See `" + usage.getCommandLine().getCommandSpec().qualifiedName() + " --help`.");
        }
        return ErrorKind.USAGE.exitCode();
    }

    /** The message for a person. */
    static String text(ErrorKind kind, Throwable thrown) {
        if (kind != ErrorKind.INTERNAL) return "error: " + thrown.getMessage();
        return "error: an unexpected failure, probably a bug in Millrace: " + thrown
                + "\nThe log above has the stack trace. Run the command again with -v for more details.";
    }

    private static Map<String, Object> json(String command, ErrorKind kind, String message) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", command);
        json.put("status", "failed");
        json.put("error", kind.name());
        json.put("exit", kind.exitCode());
        json.put("message", message);
        return json;
    }

    private static CommonOptions commonOf(CommandLine line) {
        return line.getCommandSpec().mixins().containsKey("common")
                ? (CommonOptions) line.getCommandSpec().mixins().get("common").userObject()
                : new CommonOptions();
    }
}
