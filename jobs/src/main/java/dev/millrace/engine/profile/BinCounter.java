package dev.millrace.engine.profile;

import dev.millrace.engine.scan.Distinct;
import dev.millrace.engine.scan.ExactSum;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.unsafe.types.UTF8String;

/** Counts one column of one group. Merging in any order gives the same. Not thread-safe. */
final class BinCounter {
    private static final int LG_REGISTERS = 11;

    private final long[] cells;
    private long zeros;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private final ExactSum sum;
    private final Distinct distinct;

    BinCounter(int cells) {
        this(new long[cells], new ExactSum(), new Distinct(LG_REGISTERS));
    }

    private BinCounter(long[] cells, ExactSum sum, Distinct distinct) {
        this.cells = cells;
        this.sum = sum;
        this.distinct = distinct;
    }

    void addNull(int nullCell) {
        cells[nullCell]++;
    }

    /** @param edges of the bins; the cells of NULL, NaN, −∞ and +∞ follow those of the bins */
    void add(double value, double[] edges) {
        if (!Double.isFinite(value)) {
            cells[edges.length + (Double.isNaN(value) ? 2 : value < 0 ? 3 : 4)]++;
            return;
        }
        cells[cell(value, edges)]++;
        if (value == 0) zeros++;
        if (value < min) min = value;
        if (value > max) max = value;
        sum.add(value);
        distinct.add(value);
    }

    /** The number of edges at or below the value. */
    private static int cell(double value, double[] edges) {
        int from = 0;
        int to = edges.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (edges[middle] <= value) from = middle + 1;
            else to = middle;
        }
        return from;
    }

    void add(UTF8String value, Categories categories) {
        cells[categories.cell(value)]++;
        distinct.add(value);
    }

    void merge(BinCounter other) {
        for (int i = 0; i < cells.length; i++) cells[i] += other.cells[i];
        zeros += other.zeros;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        sum.merge(other.sum);
        distinct.merge(other.distinct);
    }

    Counted result(ColumnBins bins) {
        List<Long> counts = new ArrayList<>(cells.length);
        for (long cell : cells) counts.add(cell);
        long values = 0;
        for (int i = 0; i < bins.valueCells(); i++) values += cells[i];
        boolean numbers = bins.isNumber() && values > 0;
        return new Counted(
                counts,
                zeros,
                numbers ? sum.value() / values : Double.NaN,
                numbers ? min : Double.NaN,
                numbers ? max : Double.NaN,
                distinct.estimate());
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(cells.length);
        for (long cell : cells) out.writeLong(cell);
        out.writeLong(zeros);
        out.writeDouble(min);
        out.writeDouble(max);
        sum.write(out);
        distinct.write(out);
    }

    static BinCounter read(DataInput in) throws IOException {
        long[] cells = new long[in.readInt()];
        for (int i = 0; i < cells.length; i++) cells[i] = in.readLong();
        long zeros = in.readLong();
        double min = in.readDouble();
        double max = in.readDouble();
        BinCounter counter = new BinCounter(cells, ExactSum.read(in), Distinct.read(in));
        counter.zeros = zeros;
        counter.min = min;
        counter.max = max;
        return counter;
    }

    /** The cells of texts; of one task, because it remembers hashes. */
    static final class Categories {
        private static final int REMEMBERED = 10_000;

        private final Map<UTF8String, Integer> cells = new HashMap<>();
        private final Map<UTF8String, Integer> hashes = new HashMap<>();
        private final boolean hashed;
        private final int other;

        Categories(ColumnBins bins) {
            for (String value : bins.values()) cells.put(UTF8String.fromString(value), cells.size());
            this.hashed = bins.hashed();
            this.other = bins.values().size();
        }

        int cell(UTF8String value) {
            return hashed ? hashedCell(value) : cells.getOrDefault(value, other);
        }

        private int hashedCell(UTF8String value) {
            Integer known = hashes.get(value);
            if (known != null) return known;
            int cell = cells.getOrDefault(UTF8String.fromString(BinChoice.hash(value.toString())), other);
            // The text lies in a buffer that the next row overwrites.
            if (hashes.size() < REMEMBERED) hashes.put(value.clone(), cell);
            return cell;
        }
    }
}
