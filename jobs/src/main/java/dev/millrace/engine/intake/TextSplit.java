package dev.millrace.engine.intake;

import java.io.Serializable;

/**
 * A part of a text file that holds whole records.
 *
 * @param start offset of its first record
 * @param end offset behind its last record
 * @param line physical line of its first record, 1-based
 */
record TextSplit(SourceFile file, long start, long end, long line) implements Serializable {
    private static final long serialVersionUID = 1L;

    static TextSplit whole(SourceFile file) {
        return new TextSplit(file, 0, Long.MAX_VALUE, 1);
    }

    /** Whether it holds the file's header, if there is one. */
    boolean isFirst() {
        return start == 0;
    }

    boolean isWhole() {
        return start == 0 && end == Long.MAX_VALUE;
    }

    long bytes() {
        return Math.min(end, file.bytes()) - start;
    }
}
