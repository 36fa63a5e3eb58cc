package dev.millrace.engine.numeric;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A sum of doubles without rounding, which can be added to and subtracted from for ever: what leaves takes away exactly
 * what it brought, so the result depends on what is in the window and on nothing else (Kulisch, "Computer Arithmetic
 * and Validity", 2008: the long accumulator). Rounded once, when it is read: every order of adding and merging gives the
 * same number.
 *
 * <p>Digit {@code i} counts 2^(32 i − 1074). A digit is a signed long that takes 2^30 additions before carries must be
 * moved on. Only digits between {@code low} and {@code high} are ever touched: for amounts of money, three or four.
 */
public final class ExactSum {
    private static final int DIGITS = 68;
    private static final int OFFSET = 1074;
    private static final long MASK = 0xffff_ffffL;
    private static final BigInteger PIECE = BigInteger.ONE.shiftLeft(48).subtract(BigInteger.ONE);
    private static final int CARRY_AFTER = 1 << 29;

    private final long[] digits = new long[DIGITS];
    private int low = DIGITS;
    private int high = -1;
    private int additions;

    /** Back to zero. */
    public void clear() {
        if (high >= low) Arrays.fill(digits, low, high + 1, 0);
        low = DIGITS;
        high = -1;
        additions = 0;
    }

    /** @param value finite */
    public void add(double value) {
        change(value, value < 0);
    }

    /** @param value finite */
    public void subtract(double value) {
        change(value, value > 0);
    }

    /**
     * Adds a product without rounding it, as the nearest double and what is left of it.
     *
     * @param one of such a size that neither the product nor its last bit leaves the range of double
     */
    public void addProduct(double one, double other) {
        double product = one * other;
        add(product);
        add(Math.fma(one, other, -product));
    }

    /** Adds a whole number, of which doubles cannot tell all apart. */
    public void add(long value) {
        add((double) (value & MASK));
        add((double) (value >> 32) * 0x1p32); // zero for what is small, which costs nothing
    }

    /** @param value below 2^144 in magnitude */
    public void add(BigInteger value) {
        add(value.and(PIECE).doubleValue());
        add(value.shiftRight(48).and(PIECE).doubleValue() * 0x1p48);
        add(value.shiftRight(96).doubleValue() * 0x1p96);
    }

    private void change(double value, boolean down) {
        long bits = Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >>> 52) & 0x7ff;
        long mantissa = bits & 0xf_ffff_ffff_ffffL;
        if (exponent == 0) exponent = 1; // subnormal: no hidden bit
        else mantissa |= 1L << 52;
        if (mantissa == 0) return;
        int position = exponent - 1;
        int digit = position >>> 5;
        int shift = position & 31;
        long lower = (mantissa & MASK) << shift;
        long upper = (mantissa >>> 32) << shift;
        long second = (lower >>> 32) + (upper & MASK);
        if (down) {
            digits[digit] -= lower & MASK;
            digits[digit + 1] -= second;
            digits[digit + 2] -= upper >>> 32;
        } else {
            digits[digit] += lower & MASK;
            digits[digit + 1] += second;
            digits[digit + 2] += upper >>> 32;
        }
        if (digit < low) low = digit;
        if (digit + 2 > high) high = digit + 2;
        if (++additions == CARRY_AFTER) carry();
    }

    /** Brings every digit into 0 … 2^32 − 1, the highest one excepted, which has the sign. */
    private void carry() {
        long carry = 0;
        for (int i = low; i <= high; i++) {
            long digit = digits[i] + carry;
            carry = digit >> 32;
            digits[i] = digit & MASK;
        }
        if (carry != 0 && high + 1 < DIGITS) digits[++high] = carry;
        else if (carry != 0) digits[high] += carry << 32;
        additions = 0;
    }

    /** Adds all of {@code that}. */
    public void merge(ExactSum that) {
        if (that.high < that.low) return;
        carry();
        that.carry();
        for (int i = that.low; i <= that.high; i++) digits[i] += that.digits[i];
        low = Math.min(low, that.low);
        high = Math.max(high, that.high);
        carry();
    }

    /** The sum as a whole number of 2^−1074. */
    public BigInteger units() {
        BigInteger sum = BigInteger.ZERO;
        for (int i = high; i >= low; i--) sum = sum.shiftLeft(32).add(BigInteger.valueOf(digits[i]));
        return high < low ? sum : sum.shiftLeft(32 * low);
    }

    /** The nearest double; infinite when the sum is beyond the range of double. */
    public double value() {
        return quotient(units(), BigInteger.ONE, -OFFSET);
    }

    /**
     * {@code numerator / denominator · 2^exponent}, rounded once (below 2^−1022 perhaps twice).
     *
     * @param denominator positive
     */
    public static double quotient(BigInteger numerator, BigInteger denominator, int exponent) {
        int lead = numerator.bitLength() - denominator.bitLength() + exponent;
        int last = Math.max(lead - 60, -OFFSET - 4);
        BigInteger above = numerator.abs().shiftLeft(Math.max(0, exponent - last));
        BigInteger[] parts = above.divideAndRemainder(denominator.shiftLeft(Math.max(0, last - exponent)));
        // One bit more stands for all that is left, so that a tie is known from what only looks like one.
        BigInteger bits = parts[0].shiftLeft(1);
        if (parts[1].signum() != 0) bits = bits.setBit(0);
        double value = Math.scalb(bits.doubleValue(), last - 1);
        return numerator.signum() < 0 ? -value : value;
    }

    /**
     * The sum divided by a whole number, rounded once.
     *
     * @param divisor positive
     */
    public double over(BigInteger divisor) {
        return quotient(units(), divisor, -OFFSET);
    }

    /** The sum as the nearest double and what is left of it. */
    public DoubleDouble parts() {
        if (high < low) return DoubleDouble.ZERO;
        carry();
        if (digits[high] >= 0) return rounded();
        negate();
        DoubleDouble magnitude = rounded();
        negate();
        return magnitude.negated();
    }

    private void negate() {
        for (int i = low; i <= high; i++) digits[i] = -digits[i];
        carry();
    }

    private DoubleDouble rounded() {
        double sum = 0;
        double rest = 0;
        for (int i = high; i >= low; i--) {
            if (digits[i] == 0) continue;
            double part = Math.scalb((double) digits[i], 32 * i - OFFSET);
            double next = sum + part;
            rest += Math.abs(sum) >= Math.abs(part) ? (sum - next) + part : (part - next) + sum;
            sum = next;
        }
        return Double.isInfinite(sum) ? new DoubleDouble(sum, 0) : DoubleDouble.of(sum, rest);
    }

    /** Bytes it takes in memory. */
    public static long bytes() {
        return 600;
    }

    /** Writes a form that {@code read} takes: only the digits that are not zero. */
    public void write(DataOutput out) throws IOException {
        carry();
        out.writeByte(low);
        out.writeByte(high);
        for (int i = low; i <= high; i++) out.writeInt((int) digits[i]);
        if (high >= low) out.writeInt((int) (digits[high] >> 32));
    }

    /** What {@code write} wrote. */
    public static ExactSum read(DataInput in) throws IOException {
        ExactSum sum = new ExactSum();
        sum.low = in.readByte();
        sum.high = in.readByte();
        for (int i = sum.low; i <= sum.high; i++) sum.digits[i] = in.readInt() & MASK;
        if (sum.high >= sum.low) sum.digits[sum.high] |= (long) in.readInt() << 32;
        return sum;
    }
}
