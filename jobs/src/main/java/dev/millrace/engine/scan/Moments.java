package dev.millrace.engine.scan;

import dev.millrace.engine.numeric.ExactSum;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.util.OptionalDouble;

/**
 * Count, mean and sums of powers of deviations of a column; a mergeable value.
 *
 * <p>Sum and sum of squares are exact, so mean and standard deviation are rounded once, whatever the order of values and
 * merges and however far from zero the values lie (the squares of magnitudes beyond 2^±480 leave the range of double:
 * then the standard deviation is that of the blocks below). Third and fourth powers are summed in blocks of 256 around
 * the block's own mean, blocks are joined by Pébay (2008, SAND2008-6212): they agree within rounding, not bit for bit.
 * Whole numbers and decimals are added as whole numbers of {@code 10^-scale}, without a double in between. Not
 * thread-safe.
 */
public final class Moments {
    private static final int BLOCK = 256;
    private static final int TINIEST = -480;
    private static final int GREATEST = 480;
    /** 2^−1074, the unit of {@link ExactSum#units}. */
    private static final int UNIT = -1074;

    private static final long EXACT = 1L << 53;
    private static final BigInteger PIECE = BigInteger.ONE.shiftLeft(48).subtract(BigInteger.ONE);

    private final int scale;
    private final ExactSum sum = new ExactSum();
    private final ExactSum squares = new ExactSum();
    private long count;
    private boolean extreme;

    /** Where the deviations of blocks start: the first value, of doubles or of whole numbers. */
    private double anchor;

    private BigInteger wholeAnchor = BigInteger.ZERO;
    /** The same, of whole numbers that are longs. */
    private long firstWhole;

    private double[] block;
    private int inBlock;
    /** Of the blocks: values, mean less the anchor, sums of powers of deviations. */
    private double n;

    private double mean;
    private double m2;
    private double m3;
    private double m4;

    public Moments() {
        this(0);
    }

    /** @param scale of the whole numbers to add: 2 when they are hundredths */
    public Moments(int scale) {
        this.scale = scale;
    }

    /** @param value finite */
    public void add(double value) {
        if (count++ == 0) anchor = value;
        sum.add(value);
        int exponent = Math.getExponent(value);
        if (exponent > GREATEST || (exponent < TINIEST && value != 0)) extreme = true;
        else squares.addProduct(value, value);
        deviation(value - anchor);
    }

    /** @param value in units of {@code 10^-scale} */
    public void add(long value) {
        if (count++ == 0) {
            firstWhole = value;
            wholeAnchor = BigInteger.valueOf(value);
        }
        long deviation = value - firstWhole;
        boolean overflows = ((value ^ firstWhole) & (value ^ deviation)) < 0;
        deviation(overflows ? (double) value - (double) firstWhole : (double) deviation);
        if (-EXACT <= value && value <= EXACT) {
            double exact = (double) value;
            sum.add(exact);
            squares.addProduct(exact, exact);
            return;
        }
        sum.add(value);
        double low = (double) (value & 0xFFFF_FFFFL);
        double high = (double) (value >> 32) * 0x1p32;
        squares.addProduct(low, low);
        squares.addProduct(2 * low, high);
        squares.addProduct(high, high);
    }

    /** @param value in units of {@code 10^-scale}, of at most 38 digits */
    public void add(BigInteger value) {
        if (count++ == 0) wholeAnchor = value;
        deviation(value.subtract(wholeAnchor).doubleValue());
        sum.add(value);
        double low = value.and(PIECE).doubleValue();
        double middle = value.shiftRight(48).and(PIECE).doubleValue() * 0x1p48;
        double high = value.shiftRight(96).doubleValue() * 0x1p96;
        squares.addProduct(low, low);
        squares.addProduct(middle, middle);
        squares.addProduct(high, high);
        squares.addProduct(2 * low, middle);
        squares.addProduct(2 * low, high);
        squares.addProduct(2 * middle, high);
    }

    private void deviation(double value) {
        if (block == null) block = new double[BLOCK];
        block[inBlock++] = value;
        if (inBlock == BLOCK) flush();
    }

    private void flush() {
        int rows = inBlock;
        inBlock = 0;
        if (rows == 0) return;
        double total = 0;
        for (int i = 0; i < rows; i++) total += block[i];
        double centre = total / rows;
        double second = 0;
        double third = 0;
        double fourth = 0;
        for (int i = 0; i < rows; i++) {
            double off = block[i] - centre;
            double square = off * off;
            second += square;
            third += square * off;
            fourth += square * square;
        }
        join(rows, centre, second, third, fourth);
    }

    private void join(double b, double thatMean, double that2, double that3, double that4) {
        double a = n;
        double total = a + b;
        double delta = thatMean - mean;
        double ratio = delta / total;
        m4 += that4
                + delta * ratio * ratio * ratio * a * b * (a * a - a * b + b * b)
                + 6 * ratio * ratio * (a * a * that2 + b * b * m2)
                + 4 * ratio * (a * that3 - b * m3);
        m3 += that3 + delta * ratio * ratio * a * b * (a - b) + 3 * ratio * (a * that2 - b * m2);
        m2 += that2 + delta * ratio * a * b;
        mean += ratio * b;
        n = total;
    }

    /** @param that of the same scale */
    public void merge(Moments that) {
        if (that.count == 0) return;
        flush();
        that.flush();
        if (count == 0) {
            anchor = that.anchor;
            wholeAnchor = that.wholeAnchor;
        }
        count = Math.addExact(count, that.count);
        sum.merge(that.sum);
        squares.merge(that.squares);
        extreme |= that.extreme;
        double moved =
                that.anchor - anchor + that.wholeAnchor.subtract(wholeAnchor).doubleValue();
        join(that.n, that.mean + moved, that.m2, that.m3, that.m4);
    }

    public long count() {
        return count;
    }

    /** Rounded once; absent without values. */
    public OptionalDouble mean() {
        if (count == 0) return OptionalDouble.empty();
        return OptionalDouble.of(sum.over(BigInteger.valueOf(count).multiply(BigInteger.TEN.pow(scale))));
    }

    /** Sum of squared deviations from the mean, Σx² − (Σx)²/n; rounded once. */
    public double m2() {
        if (count == 0) return 0;
        if (extreme) {
            flush();
            return m2;
        }
        BigInteger values = BigInteger.valueOf(count);
        BigInteger total = sum.units();
        BigInteger spread = squares.units().multiply(values).shiftLeft(-UNIT).subtract(total.multiply(total));
        return ExactSum.quotient(spread, values.multiply(BigInteger.TEN.pow(2 * scale)), 2 * UNIT);
    }

    public double m3() {
        flush();
        return m3 / Math.pow(10, 3.0 * scale);
    }

    public double m4() {
        flush();
        return m4 / Math.pow(10, 4.0 * scale);
    }

    /** Sample standard deviation (n − 1), like numpy's {@code std(ddof=1)}; absent below two values. */
    public OptionalDouble deviation() {
        return count < 2 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(m2() / (count - 1)));
    }

    /** Population skewness √n·m3/m2^1.5; absent when nothing varies. */
    public OptionalDouble skewness() {
        flush();
        return varies() ? OptionalDouble.of(Math.sqrt(n) * m3 / Math.pow(m2, 1.5)) : OptionalDouble.empty();
    }

    /** Population excess kurtosis n·m4/m2² − 3; absent when nothing varies. */
    public OptionalDouble kurtosis() {
        flush();
        return varies() ? OptionalDouble.of(n * m4 / (m2 * m2) - 3) : OptionalDouble.empty();
    }

    /** The exact sums decide: rounding may leave a trace of a spread in the blocks. */
    private boolean varies() {
        return m2 > 0 && m2() > 0;
    }

    /** About how many bytes of memory it takes. */
    long bytes() {
        return 2 * ExactSum.bytes() + (block == null ? 0 : 8L * BLOCK) + 128;
    }

    void write(DataOutput out) throws IOException {
        flush();
        out.writeLong(count);
        out.writeBoolean(extreme);
        for (double value : new double[] {anchor, n, mean, m2, m3, m4}) out.writeDouble(value);
        byte[] whole = wholeAnchor.toByteArray();
        out.writeByte(whole.length);
        out.write(whole);
        sum.write(out);
        squares.write(out);
    }

    /** @param in what {@code write} wrote; to be merged, not added to */
    static Moments read(int scale, DataInput in) throws IOException {
        Moments moments = new Moments(scale);
        moments.count = in.readLong();
        moments.extreme = in.readBoolean();
        moments.anchor = in.readDouble();
        moments.n = in.readDouble();
        moments.mean = in.readDouble();
        moments.m2 = in.readDouble();
        moments.m3 = in.readDouble();
        moments.m4 = in.readDouble();
        byte[] whole = new byte[in.readUnsignedByte()];
        in.readFully(whole);
        moments.wholeAnchor = new BigInteger(whole);
        moments.sum.merge(ExactSum.read(in));
        moments.squares.merge(ExactSum.read(in));
        return moments;
    }
}
