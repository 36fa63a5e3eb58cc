package dev.millrace.job.ingest;

import java.io.Serializable;

/**
 * A file as it was found.
 *
 * @param path as Hadoop prints it, nothing escaped
 * @param modified epoch milliseconds
 */
record SourceFile(String path, long bytes, long modified) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** As people and {@code _source_file} see it: a local path without its scheme. */
    String printed() {
        return printed(path);
    }

    static String printed(String path) {
        return path.replaceFirst("^file:/+", "/");
    }
}
