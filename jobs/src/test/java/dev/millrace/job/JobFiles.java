package dev.millrace.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ready job files of the repository, as tests run them. */
public final class JobFiles {
    private JobFiles() {}

    /**
     * The section of a file such as {@code fraud/train.yaml}, without its indentation.
     *
     * @param job the section's key
     */
    public static String section(String file, String job) {
        try {
            String text = Files.readString(Path.of("..", "conf").resolve(file));
            String key = "\n" + job + ":\n";
            return text.substring(text.indexOf(key) + key.length())
                            .stripTrailing()
                            .stripIndent() + "\n";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
