package dev.millrace.engine.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What a part of a file does to each state of the {@link RecordLexer} it may begin in: where its first record begins and
 * the state behind it. So parts are read in parallel, and then put together without reading again.
 *
 * <p>Cost: one table look-up per byte and state that is still different from the others; after a line or two those are
 * two, inside and outside of quotes.
 */
final class ChunkScan implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int BLOCK = 1 << 16;

    /** By the state a part begins in: which of the runs through it stands for that state. */
    private final int[] runOf = new int[RecordLexer.STATES];

    /** By the state a part begins in: offset in the part of the first record; -1 when none begins there. */
    private final long[] firstOf = new long[RecordLexer.STATES];

    /** By the state a part begins in: physical lines that end before that record. */
    private final long[] linesBefore = new long[RecordLexer.STATES];

    /** The states of the runs that still differ. */
    private int[] runs = new int[RecordLexer.STATES];

    private long lines;

    private ChunkScan() {
        Arrays.fill(firstOf, -1);
        Arrays.setAll(runOf, state -> state);
        Arrays.setAll(runs, state -> state);
    }

    /**
     * @param in stands at the part's first byte
     * @param before the byte before it; 0 at the file's beginning
     * @param length bytes of the part
     */
    static ChunkScan of(InputStream in, byte before, long length, RecordLexer lexer) throws IOException {
        ChunkScan scan = new ChunkScan();
        byte[] block = new byte[BLOCK];
        byte previous = before;
        long position = 0;
        while (position < length) {
            int read = in.read(block, 0, (int) Math.min(BLOCK, length - position));
            if (read < 0) break;
            previous = scan.read(block, read, position, previous, lexer);
            position += read;
        }
        return scan;
    }

    private byte read(byte[] block, int length, long position, byte before, RecordLexer lexer) {
        byte previous = before;
        for (int i = 0; i < length; i++) {
            byte value = block[i];
            for (int run = 0; run < runs.length; run++) {
                int state = runs[run];
                if (state <= RecordLexer.AFTER_CR && RecordLexer.begins(state, value)) begin(run, position + i);
                runs[run] = lexer.after(state, value);
            }
            if (value == '\n' || value == '\r') {
                if (value == '\r' || previous != '\r') lines++;
                if (runs.length > 1) join();
            }
            previous = value;
        }
        return previous;
    }

    private void begin(int run, long position) {
        for (int start = 0; start < runOf.length; start++) {
            if (runOf[start] != run || firstOf[start] >= 0) continue;
            firstOf[start] = position;
            linesBefore[start] = lines;
        }
    }

    /** Runs that have come to the same state stay together from here on. */
    private void join() {
        if (runs.length == 2 && runs[0] != runs[1]) return; // nearly always, and once per line
        int[] distinct = Arrays.stream(runs).distinct().toArray();
        if (distinct.length == runs.length) return;
        for (int start = 0; start < runOf.length; start++) {
            int state = runs[runOf[start]];
            int run = 0;
            while (distinct[run] != state) run++;
            runOf[start] = run;
        }
        runs = distinct;
    }

    /** The state behind the part, by the one it begins in. */
    int after(int state) {
        return runs[runOf[state]];
    }

    /** Offset in the part of its first record, by the state it begins in; -1 when none begins there. */
    long first(int state) {
        return firstOf[state];
    }

    /** Physical lines that end in the part before its first record. */
    long linesBefore(int state) {
        return linesBefore[state];
    }

    /** Physical lines that end in the part. */
    long lines() {
        return lines;
    }
}
