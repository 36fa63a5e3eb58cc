package dev.millrace.engine.window;

import java.util.Arrays;

/**
 * A sum of doubles without rounding, which can be added to and subtracted from for ever: what leaves takes away exactly
 * what it brought, so the result depends on what is in the window and on nothing else (Kulisch, "Computer Arithmetic
 * and Validity", 2008: the long accumulator). Rounded once, when it is read.
 *
 * <p>Digit {@code i} counts 2^(32 i − 1074). A digit is a signed long that takes 2^30 additions before carries must be
 * moved on. Only digits between {@code low} and {@code high} are ever touched: for amounts of money, three or four.
 */
final class ExactSum {
    private static final int DIGITS = 68;
    private static final int OFFSET = 1074;
    private static final long MASK = 0xffff_ffffL;
    private static final int CARRY_AFTER = 1 << 29;

    private final long[] digits = new long[DIGITS];
    private int low = DIGITS;
    private int high = -1;
    private int additions;

    void clear() {
        if (high >= low) Arrays.fill(digits, low, high + 1, 0);
        low = DIGITS;
        high = -1;
        additions = 0;
    }

    /** @param value finite */
    void add(double value) {
        change(value, value < 0);
    }

    /** @param value finite */
    void subtract(double value) {
        change(value, value > 0);
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

    /** The sum as the nearest double and what is left of it. */
    DoubleDouble value() {
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
}
