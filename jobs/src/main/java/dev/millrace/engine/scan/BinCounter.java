package dev.millrace.engine.scan;

import dev.millrace.engine.numeric.ExactSum;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Counts one column of one group into its bins. Bins and bounds see the nearest double of a whole number or decimal, as
 * the model does; distinct count and mean see every digit. Merging in any order gives the same. Not thread-safe.
 */
final class BinCounter implements Accumulator {
    private static final int LG_REGISTERS = 11;

    private final Type type;
    private final long[] cells;
    private long zeros;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private final ExactSum sum;
    private final Distinct distinct;
    /** The numbers of the remembered texts that {@code distinct} has. */
    private final BitSet met = new BitSet(0);

    private BinCounter(Type type, long[] cells, ExactSum sum, Distinct distinct) {
        this.type = type;
        this.cells = cells;
        this.sum = sum;
        this.distinct = distinct;
    }

    /** What to count; within one task it holds what all groups share. */
    static final class Type implements Summary {
        private static final long serialVersionUID = 1;
        private final ColumnBins bins;
        private final NumberField field;
        private transient double[] edges;
        private transient Categories categories;

        /** @param field a number as its kind says; a STRING for categories */
        Type(ColumnBins bins, NumberField field) {
            this.bins = bins;
            this.field = field;
        }

        @Override
        public BinCounter start() {
            return new BinCounter(this, new long[bins.cells()], new ExactSum(), new Distinct(LG_REGISTERS));
        }

        @Override
        public BinCounter read(DataInput in) throws IOException {
            long[] cells = new long[bins.cells()];
            for (int i = 0; i < cells.length; i++) cells[i] = Counted.readCount(in);
            long zeros = Counted.readCount(in);
            double min = in.readDouble();
            double max = in.readDouble();
            BinCounter counter = new BinCounter(this, cells, ExactSum.read(in), Distinct.read(in));
            counter.zeros = zeros;
            counter.min = min;
            counter.max = max;
            return counter;
        }

        private double[] edges() {
            if (edges == null)
                edges = bins.edges().stream().mapToDouble(Double::doubleValue).toArray();
            return edges;
        }

        private Categories categories() {
            if (categories == null) categories = new Categories(bins);
            return categories;
        }
    }

    @Override
    public void add(InternalRow row) {
        int field = type.field.field();
        if (row.isNullAt(field)) cells[type.bins.nullCell()]++;
        else if (!type.bins.isNumber()) add(row.getUTF8String(field));
        else if (!type.field.kind().isExact()) add(row.getDouble(field));
        else if (type.field.isCompact()) add(type.field.whole(row));
        else add(type.field.large(row));
    }

    /** The cells of NULL, NaN, −∞ and +∞ follow those of the bins. */
    void add(double value) {
        if (!Double.isFinite(value)) {
            cells[type.bins.nullCell() + (Double.isNaN(value) ? 1 : value < 0 ? 2 : 3)]++;
            return;
        }
        count(value);
        sum.add(value);
        distinct.add(value);
    }

    private void add(long value) {
        count(type.field.nearest(value));
        sum.add(value);
        distinct.add(value);
    }

    private void add(BigInteger value) {
        count(type.field.nearest(value));
        sum.add(value);
        distinct.add(value);
    }

    private void count(double value) {
        cells[cell(value, type.edges())]++;
        if (value == 0) zeros++;
        if (value < min) min = value;
        if (value > max) max = value;
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

    private void add(UTF8String value) {
        Categories.Category category = type.categories().of(value);
        cells[category.cell()]++;
        if (category.number() != Categories.FORGOTTEN) {
            if (met.get(category.number())) return;
            met.set(category.number());
        }
        distinct.add(category.hash());
    }

    @Override
    public void merge(Accumulator later) {
        BinCounter other = (BinCounter) later;
        for (int i = 0; i < cells.length; i++) cells[i] += other.cells[i];
        zeros += other.zeros;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        sum.merge(other.sum);
        distinct.merge(other.distinct);
    }

    Counted result() {
        long values = 0;
        for (int i = 0; i < type.bins.valueCells(); i++) values += cells[i];
        boolean numbers = type.bins.isNumber() && values > 0;
        return Counted.of(
                cells.clone(),
                zeros,
                numbers ? mean(values) : Double.NaN,
                numbers ? min : Double.NaN,
                numbers ? max : Double.NaN,
                distinct.estimate());
    }

    private double mean(long values) {
        BigDecimal divisor = BigDecimal.valueOf(values).scaleByPowerOfTen(type.field.scale());
        return sum.over(divisor.toBigIntegerExact());
    }

    @Override
    public long bytes() {
        return 8L * cells.length + ExactSum.bytes() + distinct.bytes() + met.size() / 8 + 128;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        for (long cell : cells) Counted.writeCount(out, cell);
        Counted.writeCount(out, zeros);
        out.writeDouble(min);
        out.writeDouble(max);
        sum.write(out);
        distinct.write(out);
    }

    /** The cells of texts; of one task, because it remembers them. */
    private static final class Categories {
        private static final int REMEMBERED = 10_000;
        private static final int LONGEST = 512;
        static final int FORGOTTEN = -1;

        /**
         * @param number of a remembered text; FORGOTTEN for others
         * @param hash {@link Distinct#hash}
         */
        private record Category(int cell, int number, long hash) {}

        private final Map<String, Integer> cells = new HashMap<>();
        private final Map<UTF8String, Category> known = new HashMap<>();
        private final boolean hashed;
        private final int other;

        Categories(ColumnBins bins) {
            for (String value : bins.values()) cells.put(value, cells.size());
            this.hashed = bins.hashed();
            this.other = bins.values().size();
        }

        Category of(UTF8String value) {
            Category category = known.get(value);
            if (category != null) return category;
            String text = value.toString();
            int cell = cells.getOrDefault(hashed ? BinChoice.hash(text) : text, other);
            boolean remembered = known.size() < REMEMBERED && value.numBytes() <= LONGEST;
            category = new Category(cell, remembered ? known.size() : FORGOTTEN, Distinct.hash(value));
            if (remembered) known.put(value.clone(), category); // the row's buffer is used again
            return category;
        }
    }
}
