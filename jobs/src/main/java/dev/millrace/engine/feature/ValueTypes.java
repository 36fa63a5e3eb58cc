package dev.millrace.engine.feature;

import dev.millrace.engine.feature.WindowPlan.Value;
import dev.millrace.engine.window.Aggregate;
import dev.millrace.engine.window.Text;
import java.math.BigDecimal;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * How values of Spark's types go through windows and come back as they were. A double holds every value of the types
 * up to INT, dates, and the unscaled value of decimals of up to 15 digits; others travel as Long, BigDecimal or {@link
 * Text}.
 */
final class ValueTypes {
    private static final int DIGITS_OF_DOUBLE = 15;
    private static final DataType DOUBLE = DataTypes.DoubleType;

    private ValueTypes() {}

    /** Whether the aggregate's column has the type of what it aggregates. */
    static boolean keepsType(Aggregate aggregate) {
        return aggregate == Aggregate.MIN || aggregate == Aggregate.MAX || aggregate == Aggregate.LAST;
    }

    /** What an event brings for an aggregate of {@code sql}; empty when the aggregate cannot be made of the type. */
    static Optional<Value> brought(Aggregate aggregate, String sql, DataType type) {
        boolean isNumber = type instanceof NumericType || type instanceof BooleanType;
        return switch (aggregate) {
            case COUNT, SECONDS_SINCE_LAST ->
                Optional.of(isNumber ? asDouble(sql) : new Value("IF((" + sql + ") IS NULL, NULL, 1D)", DOUBLE));
            case SUM, MEAN, STDDEV -> isNumber ? Optional.of(asDouble(sql)) : Optional.empty();
            case MIN, MAX -> isOrderedByBytes(type) ? kept(sql, type) : Optional.empty();
            case LAST -> kept(sql, type);
            case COUNT_DISTINCT -> Optional.of(compared(sql, type));
        };
    }

    private static Value asDouble(String sql) {
        return new Value("CAST((" + sql + ") AS DOUBLE)", DOUBLE);
    }

    private static Optional<Value> kept(String sql, DataType type) {
        if (isSmall(type)) return Optional.of(asDouble(sql));
        if (type instanceof DateType) return Optional.of(new Value("CAST(unix_date(" + sql + ") AS DOUBLE)", DOUBLE));
        boolean isKept = type instanceof LongType
                || type instanceof DecimalType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType
                || type instanceof StringType
                || type instanceof BinaryType;
        return isKept ? Optional.of(new Value("(" + sql + ")", type)) : Optional.empty();
    }

    /** Numbers and times exactly; of others 53 bits of a hash: two of a million values collide with chance 6e-5. */
    private static Value compared(String sql, DataType type) {
        boolean isHashed = type instanceof StringType || type instanceof BinaryType;
        Optional<Value> exact = isHashed ? Optional.empty() : kept(sql, type);
        return exact.orElse(new Value(
                "IF((" + sql + ") IS NULL, NULL, CAST(shiftright(xxhash64(" + sql + "), 11) AS DOUBLE))", DOUBLE));
    }

    private static boolean isSmall(DataType type) {
        return type instanceof DoubleType
                || type instanceof FloatType
                || type instanceof IntegerType
                || type instanceof ShortType
                || type instanceof ByteType
                || type instanceof BooleanType;
    }

    private static boolean isOrderedByBytes(DataType type) {
        return !(type instanceof StringType text) || text.supportsBinaryOrdering();
    }

    /** Whether a value of this type travels as a double. */
    static boolean isNumber(DataType type) {
        return type instanceof DoubleType || isCompact(type);
    }

    private static boolean isCompact(DataType type) {
        return type instanceof DecimalType decimal && decimal.precision() <= DIGITS_OF_DOUBLE;
    }

    /** Whether a default can be a value of the type. */
    static boolean takes(DataType type, double value) {
        if (type instanceof DoubleType || type instanceof FloatType) return true;
        if (type instanceof BooleanType) return value == 0 || value == 1;
        if (type instanceof DecimalType decimal) {
            BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
            return exact.scale() <= decimal.scale()
                    && exact.precision() - exact.scale() <= decimal.precision() - decimal.scale();
        }
        if (!(type instanceof NumericType) || value != Math.rint(value)) return false;
        double limit = Byte.MAX_VALUE;
        if (type instanceof LongType) limit = 0x1p53;
        else if (type instanceof IntegerType) limit = Integer.MAX_VALUE;
        else if (type instanceof ShortType) limit = Short.MAX_VALUE;
        return Math.abs(value) <= limit;
    }

    /** A value that travels as a double; NaN when missing. */
    static double number(UnsafeRow row, int at, boolean isDouble) {
        if (row.isNullAt(at)) return Double.NaN;
        return isDouble ? row.getDouble(at) : row.getLong(at); // a short decimal is stored as its unscaled value
    }

    /** A value that does not; null when missing. */
    static Object exact(UnsafeRow row, int at, DataType type) {
        if (row.isNullAt(at)) return null;
        if (type instanceof DecimalType decimal) {
            return row.getDecimal(at, decimal.precision(), decimal.scale()).toJavaBigDecimal();
        }
        if (type instanceof StringType) return new Text(row.getUTF8String(at).getBytes());
        if (type instanceof BinaryType) return new Text(row.getBinary(at));
        return row.getLong(at);
    }

    /** Writes a result as a cell of the type; NaN and null are NULL. */
    static void write(SpecificInternalRow row, int at, DataType type, double number, Object exact) {
        if (exact != null) writeExact(row, at, type, exact);
        else if (Double.isNaN(number)) row.setNullAt(at);
        else if (type instanceof DoubleType) row.setDouble(at, number);
        else if (type instanceof LongType) row.setLong(at, (long) number);
        else if (type instanceof IntegerType || type instanceof DateType) row.setInt(at, (int) number);
        else if (type instanceof FloatType) row.setFloat(at, (float) number);
        else if (type instanceof BooleanType) row.setBoolean(at, number != 0);
        else if (type instanceof ShortType) row.setShort(at, (short) number);
        else if (type instanceof ByteType) row.setByte(at, (byte) number);
        else if (type instanceof DecimalType decimal) {
            row.update(at, Decimal.apply((long) number, decimal.precision(), decimal.scale()));
        } else throw new IllegalArgumentException("no number is a " + type.sql());
    }

    private static void writeExact(SpecificInternalRow row, int at, DataType type, Object exact) {
        if (exact instanceof Long number) row.setLong(at, number);
        else if (exact instanceof BigDecimal decimal) {
            DecimalType declared = (DecimalType) type;
            row.update(at, Decimal.apply(new scala.math.BigDecimal(decimal), declared.precision(), declared.scale()));
        } else if (exact instanceof Text text) {
            row.update(at, type instanceof BinaryType ? text.bytes() : UTF8String.fromBytes(text.bytes()));
        } else throw new IllegalArgumentException("no " + exact.getClass() + " is a " + type.sql());
    }

    /** Writes a default. */
    static void writeDefault(SpecificInternalRow row, int at, DataType type, double value) {
        if (type instanceof DecimalType decimal && !Double.isNaN(value)) {
            BigDecimal exact = BigDecimal.valueOf(value).setScale(decimal.scale());
            row.update(at, Decimal.apply(new scala.math.BigDecimal(exact), decimal.precision(), decimal.scale()));
        } else write(row, at, type, value, null);
    }
}
