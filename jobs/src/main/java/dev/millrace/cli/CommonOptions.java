package dev.millrace.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The options every command has (CONTRACT §1). */
final class CommonOptions {
    @Option(names = "--home", paramLabel = "DIR", description = "Folder or URI of lake and registry (./.millrace).")
    private String home;

    @Option(names = "--json", description = "Print one JSON document on stdout.")
    private boolean json;

    @Option(names = "--result", paramLabel = "FILE", description = "Write that document to FILE, on any file system.")
    private String result;

    @Option(names = "-v", description = "More of Spark's own log.")
    private boolean verbose;

    @Option(names = "-q", description = "No progress.")
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
