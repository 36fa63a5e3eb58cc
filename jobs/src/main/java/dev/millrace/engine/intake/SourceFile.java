package dev.millrace.engine.intake;

import java.io.Serializable;
import java.util.Map;

/**
 * A file as it was found.
 *
 * @param path as Hadoop prints it, nothing escaped
 * @param modified epoch milliseconds
 * @param pathValues what {@code name=value} folders say of all its records, see {@link PathColumns}
 */
public record SourceFile(String path, long bytes, long modified, Map<String, String> pathValues)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A file whose path says nothing of its records. */
    public SourceFile(String path, long bytes, long modified) {
        this(path, bytes, modified, Map.of());
    }

    /** As people and {@code _source_file} see it: a local path without its scheme. */
    public String printed() {
        return printed(path);
    }

    static String printed(String path) {
        return path.replaceFirst("^file:/+", "/");
    }
}
