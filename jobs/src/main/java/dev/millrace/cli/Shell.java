package dev.millrace.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What surrounds a command. Everything the process is given goes through here, so that commands can be tested.
 *
 * @param folder the working directory
 * @param out for results only
 * @param err for progress and messages
 * @param terminal whether a person watches {@code err}
 * @param interruption what happens when the process is asked to end
 */
record Shell(
        Map<String, String> environment,
        Path folder,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Clock clock,
        Interruption interruption) {

    /** {@code stream} as picocli wants it. */
    static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
