package dev.millrace.engine.window;

import java.util.Arrays;

/**
 * Bytes of a text or a binary value, in the order of unsigned bytes, which for UTF-8 is the order of code points.
 *
 * @param bytes not changed by anyone
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode are by content
public record Text(byte[] bytes) implements Comparable<Text> {
    @Override
    public int compareTo(Text that) {
        return Arrays.compareUnsigned(bytes, that.bytes);
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof Text other && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}
