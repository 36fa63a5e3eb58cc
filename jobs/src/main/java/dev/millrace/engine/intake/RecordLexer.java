package dev.millrace.engine.intake;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Where records end, byte by byte, as a table: so a part of a file can be read for every state it may begin in, before
 * anybody knows in which one it does. For encodings in which the bytes of ASCII mean nothing else, such as UTF-8.
 */
final class RecordLexer implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Before the first byte of a record. */
    static final int RECORD_START = 0;

    /** After the CR that ends a record: an LF belongs to that end, any other byte begins a record. */
    static final int AFTER_CR = 1;

    private static final int CELL_START = 2;
    private static final int UNQUOTED = 3;
    private static final int QUOTED = 4;
    private static final int QUOTE_SEEN = 5;
    private static final int SPOILT = 6;
    private static final int ESCAPED = 7;
    static final int STATES = 8;

    private final byte[] next = new byte[STATES * 256];

    private RecordLexer() {}

    /** Every line is a record. */
    static RecordLexer lines() {
        RecordLexer lexer = new RecordLexer();
        for (int state = 0; state < STATES; state++) lexer.all(state, UNQUOTED).endsLine(state);
        lexer.set(AFTER_CR, '\n', RECORD_START);
        return lexer;
    }

    /** As {@link CsvReader} reads; its characters must be of ASCII. */
    static RecordLexer csv(CsvDialect dialect) {
        RecordLexer lexer = new RecordLexer();
        for (int state : new int[] {RECORD_START, AFTER_CR, CELL_START, UNQUOTED}) {
            lexer.all(state, UNQUOTED).endsLine(state).set(state, dialect.separator(), CELL_START);
            if (state != UNQUOTED) lexer.set(state, dialect.quote(), QUOTED);
        }
        lexer.set(AFTER_CR, '\n', RECORD_START);
        lexer.all(QUOTED, QUOTED).set(QUOTED, dialect.quote(), QUOTE_SEEN);
        dialect.escaping().ifPresent(escape -> lexer.set(QUOTED, escape, ESCAPED));
        lexer.all(ESCAPED, QUOTED);
        lexer.all(QUOTE_SEEN, SPOILT).endsLine(QUOTE_SEEN);
        lexer.set(QUOTE_SEEN, dialect.separator(), CELL_START).set(QUOTE_SEEN, dialect.quote(), QUOTED);
        lexer.all(SPOILT, SPOILT).endsLine(SPOILT);
        return lexer;
    }

    private RecordLexer all(int state, int to) {
        Arrays.fill(next, state * 256, state * 256 + 256, (byte) to);
        return this;
    }

    private RecordLexer endsLine(int state) {
        return set(state, '\n', RECORD_START).set(state, '\r', AFTER_CR);
    }

    private RecordLexer set(int state, char c, int to) {
        next[state * 256 + c] = (byte) to;
        return this;
    }

    /** The state after {@code value} in {@code state}. */
    int after(int state, byte value) {
        return next[state * 256 + (value & 0xFF)];
    }

    /** Whether a record begins with {@code value}, which is met in {@code state}. */
    static boolean begins(int state, byte value) {
        return state == RECORD_START || (state == AFTER_CR && value != '\n');
    }
}
