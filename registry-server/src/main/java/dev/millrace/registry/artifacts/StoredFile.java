package dev.millrace.registry.artifacts;

import java.nio.file.Path;
import java.time.Instant;

/** A file that is there. */
record StoredFile(Path file, long size, Instant modified) {
    /** Changes whenever the content may have: files are replaced whole, never edited. */
    String etag() {
        return "\"" + Long.toHexString(modified.toEpochMilli()) + "-" + Long.toHexString(size) + "\"";
    }
}
