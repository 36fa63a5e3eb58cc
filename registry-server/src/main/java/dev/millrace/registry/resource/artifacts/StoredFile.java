package dev.millrace.registry.resource.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/** A file that is there. */
record StoredFile(Content content, long size, Instant modified) {
    /** Its bytes, from one on. */
    @FunctionalInterface
    interface Content {
        InputStream from(long offset) throws IOException;
    }

    InputStream open() throws IOException {
        return content.from(0);
    }

    /** Changes whenever the content may have: files are replaced whole, never edited. */
    String etag() {
        return "\"" + Long.toHexString(modified.toEpochMilli()) + "-" + Long.toHexString(size) + "\"";
    }
}
