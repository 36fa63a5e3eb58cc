package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.stream.IntStream;

/**
 * A column counted into its bins.
 *
 * @param cells counts in the order of {@link ColumnBins}
 * @param zeros values equal to 0
 * @param mean of the finite values; NaN without any, and for categories
 * @param min least finite value; NaN without any
 * @param max greatest finite value; NaN without any
 * @param distinct estimated number of different values, NULL and NaN not among them
 */
public record Counted(List<Long> cells, long zeros, double mean, double min, double max, long distinct) {
    public Counted {
        if (!(cells instanceof Counts)) {
            cells = new Counts(cells.stream().mapToLong(Long::longValue).toArray());
        }
    }

    /** @param cells not changed any more */
    static Counted of(long[] cells, long zeros, double mean, double min, double max, long distinct) {
        return new Counted(new Counts(cells), zeros, mean, min, max, distinct);
    }

    /** An unmodifiable list without a box per count: there are hundreds per column, window and slice. */
    private static final class Counts extends AbstractList<Long> implements RandomAccess {
        private final long[] counts;

        Counts(long[] counts) {
            this.counts = counts;
        }

        @Override
        public Long get(int index) {
            return counts[index];
        }

        @Override
        public int size() {
            return counts.length;
        }
    }

    void write(DataOutput out) throws IOException {
        for (long cell : cells) writeCount(out, cell);
        writeCount(out, zeros);
        out.writeDouble(mean);
        out.writeDouble(min);
        out.writeDouble(max);
        writeCount(out, distinct);
    }

    /** @param cells how many there are */
    static Counted read(DataInput in, int cells) throws IOException {
        long[] counts = new long[cells];
        for (int i = 0; i < cells; i++) counts[i] = readCount(in);
        return of(counts, readCount(in), in.readDouble(), in.readDouble(), in.readDouble(), readCount(in));
    }

    /** Seven bits per byte, the lowest first: most counts are small. */
    static void writeCount(DataOutput out, long count) throws IOException {
        long rest = count;
        for (; rest > 0x7F; rest >>>= 7) out.writeByte((int) ((rest & 0x7F) | 0x80));
        out.writeByte((int) rest);
    }

    static long readCount(DataInput in) throws IOException {
        long count = 0;
        for (int shift = 0; ; shift += 7) {
            int part = in.readUnsignedByte();
            count |= (long) (part & 0x7F) << shift;
            if (part < 0x80) return count;
        }
    }

    public long rows() {
        return cells.stream().mapToLong(Long::longValue).sum();
    }

    public long nulls(ColumnBins bins) {
        return cells.get(bins.nullCell());
    }

    /** Counts of the finite numbers, or of the categories. */
    public long[] values(ColumnBins bins) {
        return IntStream.range(0, bins.valueCells()).mapToLong(cells::get).toArray();
    }
}
