package dev.millrace.engine.intake;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * The characters of a file, one by one, with the number of the physical line. Bytes that the encoding does not allow
 * come as {@link #INVALID}, which no text contains. Line ends are LF, CR LF and CR.
 */
public final class Characters implements Closeable {
    /** A noncharacter: Unicode forbids its use in text. */
    static final char INVALID = '\uFFFF';

    static final int END = -1;
    private static final int BLOCK = 1 << 16;

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(BLOCK).limit(0);
    private final char[] chars = new char[BLOCK];
    private int position;
    private int limit;
    private boolean drained;
    private boolean ended;
    private long line;

    Characters(InputStream in, Charset charset) throws IOException {
        this(in, charset, 1);
        if (peek() == '\uFEFF') position++;
    }

    /** A part of a file: a byte order mark is none there. */
    Characters(InputStream in, Charset charset, long line) {
        this.in = in;
        this.line = line;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** The next character, or {@link #END}. */
    int next() throws IOException {
        if (position == limit && !fill()) return END;
        char c = chars[position++];
        if (c == '\n' || (c == '\r' && peek() != '\n')) line++;
        return c;
    }

    /** The character after this one, which is not taken. */
    int peek() throws IOException {
        return position == limit && !fill() ? END : chars[position];
    }

    /** 1-based physical line of the next character. */
    long line() {
        return line;
    }

    private boolean fill() throws IOException {
        if (ended) return false;
        CharBuffer out = CharBuffer.wrap(chars);
        while (out.position() == 0 && !ended) {
            if (!drained) refill();
            CoderResult result = decoder.decode(bytes, out, drained);
            if (result.isError()) {
                bytes.position(bytes.position() + result.length());
                out.put(INVALID);
            } else if (result.isUnderflow() && drained) {
                ended = true;
                decoder.flush(out);
            }
        }
        position = 0;
        limit = out.position();
        return limit > 0;
    }

    private void refill() throws IOException {
        bytes.compact();
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read < 0) drained = true;
        else bytes.position(bytes.position() + read);
        bytes.flip();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
