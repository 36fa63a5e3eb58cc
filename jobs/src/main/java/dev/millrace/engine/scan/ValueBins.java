package dev.millrace.engine.scan;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Exact counts of numbers in bins that are the same for every column and table, so that two of them can always be
 * added: a double's sign, exponent and first seven bits of its fraction. A bin is less than 0.8 % wide; whole numbers up
 * to 256 have one each. Only bins that are not empty take room. Not thread-safe.
 */
public final class ValueBins {
    private static final int SHIFT = 45; // 52 bits of fraction, seven kept
    private static final byte FORMAT = 1;

    /** Open addressing; a count of 0 marks a free place. Keys are ordered like the values they stand for. */
    private int[] keys = new int[64];

    private long[] counts = new long[64];
    private int used;

    /** @param value finite */
    public void add(double value) {
        add(key(value), 1);
    }

    /** Of the magnitude; its complement for negative values, which puts them below all others and in order. */
    private static int key(double value) {
        int bits = (int) (Double.doubleToRawLongBits(Math.abs(value)) >>> SHIFT);
        return value < 0 ? ~bits : bits;
    }

    private void add(int key, long count) {
        int mask = keys.length - 1;
        int at = ((key * 0x9E3779B9) >>> 7) & mask;
        while (counts[at] != 0 && keys[at] != key) at = (at + 1) & mask;
        if (counts[at] == 0) {
            keys[at] = key;
            used++;
        }
        counts[at] += count;
        if (used * 2 > keys.length) grow();
    }

    private void grow() {
        int[] oldKeys = keys;
        long[] oldCounts = counts;
        keys = new int[oldKeys.length * 2];
        counts = new long[oldKeys.length * 2];
        used = 0;
        for (int i = 0; i < oldKeys.length; i++) if (oldCounts[i] != 0) add(oldKeys[i], oldCounts[i]);
    }

    /** Bytes of memory it takes. */
    long bytes() {
        return 12L * keys.length + 64;
    }

    public void merge(ValueBins other) {
        for (int i = 0; i < other.keys.length; i++) if (other.counts[i] != 0) add(other.keys[i], other.counts[i]);
    }

    /** Takes one bin: {@code [low, high)}, or {@code (low, high]} below zero. */
    public interface Consumer {
        void bin(double low, double high, long count);
    }

    /** The bins by rising value. */
    public void forEach(Consumer consumer) {
        for (long[] bin : sorted()) {
            int key = (int) bin[0];
            consumer.bin(low(key), high(key), bin[1]);
        }
    }

    /**
     * Counts in equal steps between two values; a bin is spread over the steps it touches.
     *
     * @param least no value is below it
     * @param greatest no value is above it
     * @return one step when both are equal
     */
    public double[] steps(double least, double greatest, int steps) {
        double step = (greatest - least) / steps;
        double width = step > 0 && !Double.isInfinite(step) ? step : 1;
        double[] counts = new double[greatest > least ? steps : 1];
        forEach((low, high, count) -> {
            double from = Math.max(low, least);
            double to = Math.min(high, greatest);
            int first = step(from, least, width, counts.length);
            int last = to <= from ? first : step(to, least, width, counts.length);
            for (int i = first; i <= last; i++) {
                double overlap = Math.min(to, least + (i + 1) * width) - Math.max(from, least + i * width);
                counts[i] += first == last ? count : count * Math.max(0, overlap) / (to - from);
            }
        });
        return counts;
    }

    private static int step(double value, double least, double width, int steps) {
        return (int) Math.max(0, Math.min(steps - 1, Math.floor((value - least) / width)));
    }

    private long[][] sorted() {
        long[][] bins = new long[used][];
        int at = 0;
        for (int i = 0; i < keys.length; i++) if (counts[i] != 0) bins[at++] = new long[] {keys[i], counts[i]};
        Arrays.sort(bins, (one, other) -> Long.compare(one[0], other[0]));
        return bins;
    }

    private static double low(int key) {
        return key >= 0 ? magnitude(key) : -magnitude(~key + 1);
    }

    private static double high(int key) {
        return key >= 0 ? magnitude(key + 1) : -magnitude(~key);
    }

    private static double magnitude(int bits) {
        return Double.longBitsToDouble((long) bits << SHIFT);
    }

    /** Format, then per bin key and count, by rising value: the same bytes for the same rows in any order. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(used);
            for (long[] bin : sorted()) {
                out.writeInt((int) bin[0]);
                out.writeLong(bin[1]);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** From {@link #toBytes}. */
    public static ValueBins fromBytes(byte[] bytes) {
        ValueBins bins = new ValueBins();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte format = in.readByte();
            if (format != FORMAT) throw new IllegalArgumentException("Value bins of format " + format);
            int count = in.readInt();
            for (int i = 0; i < count; i++) bins.add(in.readInt(), in.readLong());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return bins;
    }
}
