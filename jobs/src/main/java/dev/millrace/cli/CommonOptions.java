package dev.millrace.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The options every command has (CONTRACT §1). */
final class CommonOptions {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Home directory, a folder or URI (default: ./.millrace).")
    private String home;

    @Option(names = "--json", description = "Print one JSON document to stdout.")
    private boolean json;

    @Option(
            names = "--result",
            paramLabel = "FILE",
            description = "Write the JSON document to FILE, on any file system.")
    private String result;

    @Option(names = "-v", description = "Print more of Spark's log.")
    private boolean verbose;

    @Option(names = "-q", description = "Print no progress.")
    private boolean quiet;

    Optional<String> home() {
        return Optional.ofNullable(home);
    }

    boolean json() {
        return json;
    }

    Optional<String> result() {
        return Optional.ofNullable(result);
    }

    boolean verbose() {
        return verbose;
    }

    boolean quiet() {
        return quiet;
    }
}
