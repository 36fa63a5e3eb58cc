package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;

/**
 * Runs lines of a table of bad inputs in this process and holds what was promised: the exit code, a message with cause
 * and cure on stderr, nothing but JSON on stdout, and nothing left behind.
 *
 * @param folder the working directory
 * @param kept the folder in which nothing may change
 */
record BadInputs(Path folder, Path kept) {

    /** What a command said and how it ended. */
    record Answer(int exit, String out, String err) {}

    Answer run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell =
                new Shell(Map.of(), folder, stream(out), stream(err), false, Clock.systemUTC(), new Interruption());
        int exit = Millrace.execute(shell, arguments);
        return new Answer(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    void refused(BadInput bad) {
        if (!bad.file().isEmpty()) write("job.yaml", bad.file());
        Map<String, Long> before = listing(kept);
        List<String> arguments = new ArrayList<>(bad.arguments());
        arguments.add("--home");
        arguments.add(kept.resolve("home").toString());

        Answer answer = run(arguments.toArray(String[]::new));

        SoftAssertions.assertSoftly(holds -> {
            String said = answer.err() + "\n" + answer.out();
            holds.assertThat(answer.exit()).as(said).isEqualTo(bad.exit());
            holds.assertThat(answer.err())
                    .as("cause")
                    .contains(bad.cause())
                    .as("cure")
                    .contains(bad.cure());
            holds.assertThat(said)
                    .as("no stack trace, no class names")
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception")
                    .doesNotContain("java.lang")
                    .doesNotContain("org.apache");
            holds.assertThat(listing(kept)).as("nothing left behind").isEqualTo(before);
        });
    }

    /** What must work, for all that it looks odd. */
    void done(String file) {
        write("job.yaml", file);
        String job = file.lines().findFirst().orElseThrow().substring("job: ".length());

        Answer answer =
                run(job, "--config", "job.yaml", "--home", kept.resolve("home").toString());

        assertThat(answer.exit()).as(answer.err()).isZero();
    }

    Path write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    /** Every file with its size, and every folder. Runs that failed are recorded in the spool; that is not the lake's. */
    static Map<String, Long> listing(Path root) {
        Map<String, Long> listing = new TreeMap<>();
        if (!Files.exists(root)) return listing;
        try (Stream<Path> below = Files.walk(root)) {
            for (Path path : below.toList()) {
                String name = root.relativize(path).toString();
                boolean record = name.equals("home") || name.startsWith("home/spool") || name.startsWith("home/cache");
                if (!record) listing.put(name, Files.isDirectory(path) ? -1 : Files.size(path));
            }
            return listing;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
