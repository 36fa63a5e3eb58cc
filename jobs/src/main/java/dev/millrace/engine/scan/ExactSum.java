package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The sum of doubles without any rounding, so that every order of adding and merging gives the same number: a fixed-point
 * number of 2,176 bits (Kulisch 1981) in limbs of 32. An addition touches three limbs. Not thread-safe.
 */
public final class ExactSum {
    private static final int LIMBS = 68;
    private static final long MASK = 0xFFFF_FFFFL;
    /** An addition changes a limb by less than 2^33, so this many fit beside a carried limb. */
    private static final int CARRY_AFTER = 1 << 29;

    private final long[] limbs = new long[LIMBS];
    private int pending;

    /** @param value finite */
    public void add(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >>> 52) & 0x7FF;
        long mantissa = bits & 0xF_FFFF_FFFF_FFFFL;
        int shift = 0;
        if (exponent != 0) {
            mantissa |= 0x10_0000_0000_0000L;
            shift = exponent - 1;
        }
        int limb = shift >>> 5;
        int offset = shift & 31;
        long low = (mantissa & MASK) << offset;
        long high = (mantissa >>> 32) << offset;
        if (bits >= 0) {
            limbs[limb] += low & MASK;
            limbs[limb + 1] += (low >>> 32) + (high & MASK);
            limbs[limb + 2] += high >>> 32;
        } else {
            limbs[limb] -= low & MASK;
            limbs[limb + 1] -= (low >>> 32) + (high & MASK);
            limbs[limb + 2] -= high >>> 32;
        }
        if (++pending == CARRY_AFTER) carry();
    }

    /** Adds all of {@code other}. */
    public void merge(ExactSum other) {
        carry();
        other.carry();
        for (int i = 0; i < LIMBS; i++) limbs[i] += other.limbs[i];
        pending = 1;
    }

    private void carry() {
        for (int i = 0; i < LIMBS - 1; i++) {
            long over = limbs[i] >> 32;
            limbs[i] -= over << 32;
            limbs[i + 1] += over;
        }
        pending = 0;
    }

    /** The sum, rounded once; infinite when it is beyond the range of double. */
    public double value() {
        carry();
        BigInteger sum = BigInteger.ZERO;
        for (int i = LIMBS - 1; i >= 0; i--) sum = sum.shiftLeft(32).add(BigInteger.valueOf(limbs[i]));
        if (sum.signum() == 0) return 0;
        int zeros = sum.getLowestSetBit();
        if (sum.bitLength() - zeros <= 53 && zeros <= 2000)
            return Math.scalb(sum.shiftRight(zeros).doubleValue(), zeros - 1074);
        return new BigDecimal(sum).multiply(new BigDecimal(Double.MIN_VALUE)).doubleValue();
    }

    /** Writes a form that {@code read} takes. */
    public void write(DataOutput out) throws IOException {
        carry();
        int from = 0;
        while (from < LIMBS && limbs[from] == 0) from++;
        int to = LIMBS;
        while (to > from && limbs[to - 1] == 0) to--;
        out.writeByte(from);
        out.writeByte(to);
        for (int i = from; i < to; i++) out.writeLong(limbs[i]);
    }

    /** What {@code write} wrote. */
    public static ExactSum read(DataInput in) throws IOException {
        ExactSum sum = new ExactSum();
        int from = in.readByte();
        int to = in.readByte();
        for (int i = from; i < to; i++) sum.limbs[i] = in.readLong();
        return sum;
    }
}
