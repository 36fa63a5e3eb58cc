package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Everything one pass learns of one column; a mergeable value. Numbers and times have moments, quantiles (KLL, k = 2048)
 * and {@link ValueBins}; texts and booleans have {@link FrequentTexts} and lengths; all have a distinct count. Whole
 * numbers and decimals are counted, compared and summed as they are; only quantiles and bins see the nearest double. Not
 * thread-safe.
 */
public final class ColumnProfile implements Accumulator {
    private static final int LG_REGISTERS = 12;
    private static final UTF8String TRUE = UTF8String.fromString("true");
    private static final UTF8String FALSE = UTF8String.fromString("false");

    private final NumberField field;
    /** Of numbers and times; null for other kinds. */
    private final Numbers numbers;
    /** Of the other kinds; null for numbers and times. */
    private final FrequentTexts frequent;

    private final Distinct distinct;
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
    private BigInteger exactMin;
    private BigInteger exactMax;
    private long wholeMin = Long.MAX_VALUE;
    private long wholeMax = Long.MIN_VALUE;

    /** A column of a row, by its field, or where it is no number, by field and kind alone. */
    record Type(NumberField field) implements Summary {
        @Override
        public Accumulator start() {
            return new ColumnProfile(
                    field,
                    field.kind().isOrdered() ? new Numbers(field.scale()) : null,
                    field.kind().isOrdered() ? null : new FrequentTexts(),
                    new Distinct(LG_REGISTERS));
        }

        @Override
        public Accumulator read(DataInput in) throws IOException {
            return ColumnProfile.read(field, in);
        }
    }

    private ColumnProfile(NumberField field, Numbers numbers, FrequentTexts frequent, Distinct distinct) {
        this.field = field;
        this.numbers = numbers;
        this.frequent = frequent;
        this.distinct = distinct;
    }

    @Override
    public void add(InternalRow row) {
        rows++;
        if (row.isNullAt(field.field())) {
            nulls++;
            return;
        }
        switch (field.kind()) {
            case NUMBER, TIME -> add(row.getDouble(field.field()));
            case INTEGER -> add(field.whole(row));
            case DECIMAL -> {
                if (field.isCompact()) add(field.whole(row));
                else add(field.large(row));
            }
            case TEXT -> add(row.getUTF8String(field.field()));
            case BOOLEAN -> add(row.getBoolean(field.field()));
            case OTHER -> {}
        }
    }

    private void add(double value) {
        if (!Double.isFinite(value)) {
            if (Double.isNaN(value)) nan++;
            else if (value > 0) positiveInfinite++;
            else negativeInfinite++;
            return;
        }
        if (value == 0) zeros++;
        if (value < min) min = value;
        if (value > max) max = value;
        distinct.add(value);
        numbers.moments.add(value);
        numbers.add(value);
    }

    private void add(long value) {
        if (value == 0) zeros++;
        if (value < wholeMin) wholeMin = value;
        if (value > wholeMax) wholeMax = value;
        distinct.add(value);
        numbers.moments.add(value);
        numbers.add(field.nearest(value));
    }

    private void add(BigInteger value) {
        if (value.signum() == 0) zeros++;
        if (exactMin == null || value.compareTo(exactMin) < 0) exactMin = value;
        if (exactMax == null || value.compareTo(exactMax) > 0) exactMax = value;
        distinct.add(value);
        numbers.moments.add(value);
        numbers.add(field.nearest(value));
    }

    private void add(UTF8String text) {
        int length = text.numChars();
        if (length == 0) empty++;
        else if (text.trim().numBytes() == 0) blank++;
        lengths += length;
        if (length < min) min = length;
        if (length > max) max = length;
        frequent.add(text, distinct);
    }

    private void add(boolean value) {
        if (!value) zeros++;
        frequent.add(value ? TRUE : FALSE, distinct);
    }

    @Override
    public void merge(Accumulator later) {
        ColumnProfile other = (ColumnProfile) later;
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
        wholeMin = Math.min(wholeMin, other.wholeMin);
        wholeMax = Math.max(wholeMax, other.wholeMax);
        if (exactMin == null) exactMin = other.exactMin;
        else if (other.exactMin != null) exactMin = exactMin.min(other.exactMin);
        if (exactMax == null) exactMax = other.exactMax;
        else if (other.exactMax != null) exactMax = exactMax.max(other.exactMax);
        distinct.merge(other.distinct);
        if (numbers != null) numbers.merge(other.numbers);
        else frequent.merge(other.frequent);
    }

    public ColumnKind kind() {
        return field.kind();
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

    /** Texts of more than 128 characters, which count among the frequent ones under their first 128. */
    public long cut() {
        return frequent == null ? 0 : frequent.cut();
    }

    /** Rows with a value, NaN and infinities among them. */
    public long values() {
        return rows - nulls;
    }

    /** Of numbers and times, the nearest double; of texts the least length. Absent without a value. */
    public OptionalDouble min() {
        return bound(exactMin().map(BigDecimal::doubleValue).orElse(min));
    }

    /** Of numbers and times, the nearest double; of texts the greatest length. Absent without a value. */
    public OptionalDouble max() {
        return bound(exactMax().map(BigDecimal::doubleValue).orElse(max));
    }

    private static OptionalDouble bound(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** The least whole number or decimal, to its last digit; absent without one, and for other kinds. */
    public Optional<BigDecimal> exactMin() {
        if (wholeMin <= wholeMax) return Optional.of(BigDecimal.valueOf(wholeMin, field.scale()));
        return Optional.ofNullable(exactMin).map(value -> new BigDecimal(value, field.scale()));
    }

    /** The greatest whole number or decimal, to its last digit; absent without one, and for other kinds. */
    public Optional<BigDecimal> exactMax() {
        if (wholeMin <= wholeMax) return Optional.of(BigDecimal.valueOf(wholeMax, field.scale()));
        return Optional.ofNullable(exactMax).map(value -> new BigDecimal(value, field.scale()));
    }

    /** Of texts, in characters; absent without one. */
    public OptionalDouble meanLength() {
        return kind() == ColumnKind.TEXT && values() > 0
                ? OptionalDouble.of((double) lengths / values())
                : OptionalDouble.empty();
    }

    /** Of numbers and times only. */
    public Moments moments() {
        return numbers.moments;
    }

    /** Of numbers and times only. */
    public ValueBins bins() {
        return numbers.bins();
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

    /** By falling count; of texts and booleans only. */
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
        return numbers.quantiles(ranks);
    }

    /** With 99 % confidence; 0 when all values are kept. */
    public double rankError() {
        return numbers.rankError();
    }

    /** Of numbers and times only. */
    public byte[] kllBytes() {
        return numbers.kllBytes();
    }

    public byte[] hllBytes() {
        return distinct.toBytes();
    }

    /** Of texts and booleans only. */
    public byte[] frequentBytes() {
        return frequent.toBytes();
    }

    @Override
    public long bytes() {
        return 256 + distinct.bytes() + (numbers != null ? numbers.bytes() : frequent.bytes());
    }

    @Override
    public void write(DataOutput out) throws IOException {
        for (long count :
                new long[] {rows, nulls, nan, positiveInfinite, negativeInfinite, zeros, empty, blank, lengths}) {
            out.writeLong(count);
        }
        out.writeDouble(min);
        out.writeDouble(max);
        out.writeLong(wholeMin);
        out.writeLong(wholeMax);
        write(out, exactMin);
        write(out, exactMax);
        distinct.write(out);
        if (numbers != null) numbers.write(out);
        else frequent.write(out);
    }

    private static void write(DataOutput out, BigInteger value) throws IOException {
        byte[] bytes = value == null ? new byte[0] : value.toByteArray();
        out.writeByte(bytes.length);
        out.write(bytes);
    }

    private static ColumnProfile read(NumberField field, DataInput in) throws IOException {
        long[] counts = new long[9];
        for (int i = 0; i < counts.length; i++) counts[i] = in.readLong();
        double min = in.readDouble();
        double max = in.readDouble();
        long wholeMin = in.readLong();
        long wholeMax = in.readLong();
        BigInteger exactMin = readExact(in);
        BigInteger exactMax = readExact(in);
        Distinct distinct = Distinct.read(in);
        boolean ordered = field.kind().isOrdered();
        ColumnProfile profile = new ColumnProfile(
                field,
                ordered ? Numbers.read(field.scale(), in) : null,
                ordered ? null : FrequentTexts.read(in),
                distinct);
        profile.rows = counts[0];
        profile.nulls = counts[1];
        profile.nan = counts[2];
        profile.positiveInfinite = counts[3];
        profile.negativeInfinite = counts[4];
        profile.zeros = counts[5];
        profile.empty = counts[6];
        profile.blank = counts[7];
        profile.lengths = counts[8];
        profile.min = min;
        profile.max = max;
        profile.wholeMin = wholeMin;
        profile.wholeMax = wholeMax;
        profile.exactMin = exactMin;
        profile.exactMax = exactMax;
        return profile;
    }

    private static BigInteger readExact(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readUnsignedByte()];
        in.readFully(bytes);
        return bytes.length == 0 ? null : new BigInteger(bytes);
    }
}
