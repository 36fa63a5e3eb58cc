package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Everything one pass learns of one column; a mergeable value. Numbers and times have moments, quantiles (KLL, k = 2048)
 * and {@link ValueBins}; texts and booleans have {@link FrequentTexts} and lengths; all have a distinct count. Not
 * thread-safe.
 */
public final class ColumnProfile {
    private static final int KLL_K = 2048;
    private static final int LG_REGISTERS = 12;

    private final ColumnKind kind;
    private long rows;
    private long nulls;
    private long nan;
    private long positiveInfinite;
    private long negativeInfinite;
    private long zeros;
    private long empty;
    private long blank;
    private long lengths;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private Moments moments = new Moments();
    private ValueBins bins = new ValueBins();
    private KllDoublesSketch kll = KllDoublesSketch.newHeapInstance(KLL_K);
    private Distinct distinct = new Distinct(LG_REGISTERS);
    private FrequentTexts frequent = new FrequentTexts();

    ColumnProfile(ColumnKind kind) {
        this.kind = kind;
    }

    void addNull() {
        rows++;
        nulls++;
    }

    void addOther() {
        rows++;
    }

    /** A number or a time. */
    void add(double value) {
        rows++;
        if (!Double.isFinite(value)) {
            if (Double.isNaN(value)) nan++;
            else if (value > 0) positiveInfinite++;
            else negativeInfinite++;
            return;
        }
        distinct.add(value);
        addFinite(value);
    }

    /** A whole number, of which doubles cannot tell all apart. */
    void add(long value) {
        rows++;
        distinct.add(value);
        addFinite((double) value);
    }

    private void addFinite(double value) {
        if (value == 0) zeros++;
        if (value < min) min = value;
        if (value > max) max = value;
        moments.add(value);
        bins.add(value);
        kll.update(value);
    }

    void add(UTF8String text) {
        rows++;
        int length = text.numChars();
        if (length == 0) empty++;
        else if (text.trim().numBytes() == 0) blank++;
        lengths += length;
        if (length < min) min = length;
        if (length > max) max = length;
        frequent.add(text, distinct);
    }

    private static final UTF8String TRUE = UTF8String.fromString("true");
    private static final UTF8String FALSE = UTF8String.fromString("false");

    void add(boolean value) {
        rows++;
        if (!value) zeros++;
        frequent.add(value ? TRUE : FALSE, distinct);
    }

    void merge(ColumnProfile other) {
        rows += other.rows;
        nulls += other.nulls;
        nan += other.nan;
        positiveInfinite += other.positiveInfinite;
        negativeInfinite += other.negativeInfinite;
        zeros += other.zeros;
        empty += other.empty;
        blank += other.blank;
        lengths += other.lengths;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        moments.merge(other.moments);
        bins.merge(other.bins);
        if (!other.kll.isEmpty()) kll.merge(other.kll);
        distinct.merge(other.distinct);
        frequent.merge(other.frequent);
    }

    public ColumnKind kind() {
        return kind;
    }

    /** All rows, NULLs too. */
    public long rows() {
        return rows;
    }

    public long nulls() {
        return nulls;
    }

    public long nan() {
        return nan;
    }

    public long positiveInfinite() {
        return positiveInfinite;
    }

    public long negativeInfinite() {
        return negativeInfinite;
    }

    /** Values equal to 0; of booleans, false. */
    public long zeros() {
        return zeros;
    }

    /** Texts of no characters. */
    public long empty() {
        return empty;
    }

    /** Texts of blanks only, empty ones not among them. */
    public long blank() {
        return blank;
    }

    /** Rows with a value, NaN and infinities among them. */
    public long values() {
        return rows - nulls;
    }

    /** Of numbers and times; of texts the least length. Absent without a value. */
    public OptionalDouble min() {
        return min <= max ? OptionalDouble.of(min) : OptionalDouble.empty();
    }

    /** Of numbers and times; of texts the greatest length. Absent without a value. */
    public OptionalDouble max() {
        return min <= max ? OptionalDouble.of(max) : OptionalDouble.empty();
    }

    /** Of texts, in characters; absent without one. */
    public OptionalDouble meanLength() {
        return kind == ColumnKind.TEXT && values() > 0
                ? OptionalDouble.of((double) lengths / values())
                : OptionalDouble.empty();
    }

    public Moments moments() {
        return moments;
    }

    public ValueBins bins() {
        return bins;
    }

    /** Different values, estimated within 1.6 % (one standard error); never more than there are values. */
    public long distinct() {
        return Math.min(distinct.estimate(), values());
    }

    /**
     * A frequent text or boolean.
     *
     * @param exact false when the count may be too high
     */
    public record Item(String text, long count, boolean exact) {}

    /** By falling count. */
    public List<Item> frequent(int limit) {
        List<Item> items = new ArrayList<>();
        for (FrequentTexts.Item item : frequent.top(limit))
            items.add(new Item(item.text(), item.count(), item.exact()));
        return items;
    }

    /**
     * Quantiles of the finite numbers, each right within {@link #rankError} of its rank; they change a little from run to
     * run.
     *
     * @return empty without numbers
     */
    public double[] quantiles(double... ranks) {
        return kll.isEmpty() ? new double[0] : kll.getQuantiles(ranks, QuantileSearchCriteria.INCLUSIVE);
    }

    /** With 99 % confidence; 0 when all values are kept. */
    public double rankError() {
        return kll.isEmpty() || !kll.isEstimationMode() ? 0 : kll.getNormalizedRankError(false);
    }

    public byte[] kllBytes() {
        return kll.toByteArray();
    }

    public byte[] hllBytes() {
        return distinct.toBytes();
    }

    public byte[] frequentBytes() {
        return frequent.toBytes();
    }

    void write(DataOutput out) throws IOException {
        for (long count :
                new long[] {rows, nulls, nan, positiveInfinite, negativeInfinite, zeros, empty, blank, lengths}) {
            out.writeLong(count);
        }
        out.writeDouble(min);
        out.writeDouble(max);
        moments.write(out);
        distinct.write(out);
        for (byte[] bytes : List.of(bins.toBytes(), kllBytes(), frequentBytes())) {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    static ColumnProfile read(ColumnKind kind, DataInput in) throws IOException {
        ColumnProfile profile = new ColumnProfile(kind);
        profile.rows = in.readLong();
        profile.nulls = in.readLong();
        profile.nan = in.readLong();
        profile.positiveInfinite = in.readLong();
        profile.negativeInfinite = in.readLong();
        profile.zeros = in.readLong();
        profile.empty = in.readLong();
        profile.blank = in.readLong();
        profile.lengths = in.readLong();
        profile.min = in.readDouble();
        profile.max = in.readDouble();
        profile.moments = Moments.read(in);
        profile.distinct = Distinct.read(in);
        profile.bins = ValueBins.fromBytes(bytes(in));
        profile.kll = KllDoublesSketch.heapify(Memory.wrap(bytes(in)));
        profile.frequent = FrequentTexts.fromBytes(bytes(in));
        return profile;
    }

    private static byte[] bytes(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
