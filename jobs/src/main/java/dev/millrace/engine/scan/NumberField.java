package dev.millrace.engine.scan;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;

/**
 * A field of Spark's binary rows, and how it is read as a number.
 *
 * @param kind INTEGER is a BIGINT; NUMBER and TIME are DOUBLE; what is no number is not read as one
 * @param precision of a DECIMAL; 0 for others
 * @param scale of a DECIMAL; 0 for others
 */
record NumberField(int field, ColumnKind kind, int precision, int scale) implements Serializable {
    private static final long EXACT = 1L << 53;
    /** The powers of ten that a double holds exactly. */
    private static final double[] TENS = new double[23];

    static {
        for (int i = 0; i < TENS.length; i++) TENS[i] = BigDecimal.TEN.pow(i).doubleValue();
    }

    /** @param field of a row, of the type that {@link ColumnKind} names for {@code type} */
    public static NumberField of(int field, DataType type) {
        return type instanceof DecimalType decimal
                ? new NumberField(field, ColumnKind.DECIMAL, decimal.precision(), decimal.scale())
                : new NumberField(field, ColumnKind.of(type), 0, 0);
    }

    /** Whether a value fits into a long: as Spark stores it. */
    public boolean isCompact() {
        return precision <= Decimal.MAX_LONG_DIGITS();
    }

    /** NaN for NULL; the nearest double otherwise. */
    public double of(InternalRow row) {
        if (row.isNullAt(field)) return Double.NaN;
        if (!kind.isExact()) return row.getDouble(field);
        return isCompact() ? nearest(whole(row)) : nearest(large(row));
    }

    /** A value of at most 18 digits, in units of {@code 10^-scale}; a compact decimal is stored as this. */
    public long whole(InternalRow row) {
        return row.getLong(field);
    }

    /** A value of more, in the same units. */
    public BigInteger large(InternalRow row) {
        return row.getDecimal(field, precision, scale).toJavaBigDecimal().unscaledValue();
    }

    /** A decimal with all its digits. */
    String text(InternalRow row) {
        return new BigDecimal(isCompact() ? BigInteger.valueOf(whole(row)) : large(row), scale).toPlainString();
    }

    /** The nearest double of a whole number of {@code 10^-scale}. */
    public double nearest(long whole) {
        if (scale == 0) return (double) whole;
        // Both are exact, so that the division rounds once.
        if (-EXACT <= whole && whole <= EXACT && scale < TENS.length) return whole / TENS[scale];
        return BigDecimal.valueOf(whole, scale).doubleValue();
    }

    /** The nearest double of a whole number of {@code 10^-scale}. */
    public double nearest(BigInteger large) {
        return new BigDecimal(large, scale).doubleValue();
    }
}
