package dev.millrace.engine.intake;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Texts and JSON values to the values of one column, as Spark holds them inside its rows. Nothing is rounded, cut or
 * turned into NULL; times follow the {@link TimeRules}. One per task: not thread-safe.
 */
final class Values {
    private final DataType type;
    private final Kind kind;
    private final Spelling spelling;
    private final Values[] inner;
    private final Map<String, Integer> fields = new HashMap<>();

    private enum Kind {
        TEXT,
        BOOLEAN,
        DATE,
        TIMESTAMP,
        BINARY,
        DOUBLE,
        FLOAT,
        DECIMAL,
        LONG,
        INT,
        SHORT,
        BYTE,
        STRUCT,
        ARRAY,
        MAP
    }

    /**
     * How a column's values are written.
     *
     * @param dropUnknown whether JSON keys that a struct does not have are dropped; else the value is refused
     * @param account counts times that a rule has changed
     */
    record Spelling(
            NumberSpelling numbers,
            TimeSpelling times,
            TimeRules rules,
            boolean dropUnknown,
            TimeRules.Account account) {}

    Values(DataType type, Spelling spelling) {
        this.type = type;
        this.kind = kind(type);
        this.spelling = spelling;
        if (type instanceof StructType struct) {
            inner = new Values[struct.size()];
            for (int i = 0; i < inner.length; i++) {
                StructField field = struct.apply(i);
                inner[i] = new Values(field.dataType(), spelling);
                fields.put(field.name(), i);
            }
        } else if (type instanceof ArrayType array) {
            inner = new Values[] {new Values(array.elementType(), spelling)};
        } else if (type instanceof MapType map) {
            inner = new Values[] {new Values(map.keyType(), spelling), new Values(map.valueType(), spelling)};
        } else {
            inner = new Values[0];
        }
    }

    private static Kind kind(DataType type) {
        if (type instanceof DecimalType) return Kind.DECIMAL;
        if (type instanceof StructType) return Kind.STRUCT;
        if (type instanceof ArrayType) return Kind.ARRAY;
        if (type instanceof MapType) return Kind.MAP;
        if (type.equals(DataTypes.BooleanType)) return Kind.BOOLEAN;
        if (type.equals(DataTypes.DateType)) return Kind.DATE;
        if (type.equals(DataTypes.TimestampType)) return Kind.TIMESTAMP;
        if (type.equals(DataTypes.BinaryType)) return Kind.BINARY;
        if (type.equals(DataTypes.DoubleType)) return Kind.DOUBLE;
        if (type.equals(DataTypes.FloatType)) return Kind.FLOAT;
        if (type.equals(DataTypes.LongType)) return Kind.LONG;
        if (type.equals(DataTypes.IntegerType)) return Kind.INT;
        if (type.equals(DataTypes.ShortType)) return Kind.SHORT;
        if (type.equals(DataTypes.ByteType)) return Kind.BYTE;
        return Kind.TEXT;
    }

    /** Whether the column holds texts, so that an empty one is a value. */
    boolean isText() {
        return kind == Kind.TEXT;
    }

    /** Whether a cell of CSV can hold the type. */
    static boolean isScalar(DataType type) {
        return !(type instanceof ArrayType) && !(type instanceof StructType) && !(type instanceof MapType);
    }

    /** @param text a cell that has a value */
    Object ofText(String text) throws Unfit {
        if (kind == Kind.TEXT) return UTF8String.fromString(text);
        String value = text.strip();
        return switch (kind) {
            case BOOLEAN -> bool(value);
            case DATE ->
                (int) spelling.times()
                        .date(value)
                        .orElseThrow(() -> unfit(value))
                        .toEpochDay();
            case TIMESTAMP -> timestamp(value);
            case BINARY -> value.getBytes(StandardCharsets.UTF_8);
            case TEXT, STRUCT, ARRAY, MAP -> throw unfit(value);
            case DOUBLE, FLOAT, DECIMAL, LONG, INT, SHORT, BYTE -> number(value);
        };
    }

    private long timestamp(String value) throws Unfit {
        TimeSpelling.Written written = spelling.times().time(value).orElseThrow(() -> unfit(value));
        return spelling.rules().micros(written.local(), written.zone(), spelling.account());
    }

    private boolean bool(String value) throws Unfit {
        if (value.equalsIgnoreCase("true") || value.equals("1")) return true;
        if (value.equalsIgnoreCase("false") || value.equals("0")) return false;
        throw unfit(value);
    }

    private Object number(String value) throws Unfit {
        String plain = spelling.numbers().plain(value);
        boolean floating = kind == Kind.DOUBLE || kind == Kind.FLOAT;
        if (plain.isEmpty()) {
            if (floating) return floating(special(value));
            throw unfit(value);
        }
        if (floating) return floating(Double.parseDouble(plain)); // the type was declared: the nearest double
        try {
            if (kind == Kind.DECIMAL) return decimal(new BigDecimal(plain), value);
            if (NumberSpelling.isWhole(plain)) return whole(Long.parseLong(plain), value);
        } catch (NumberFormatException tooLarge) {
            // Refused below.
        }
        throw unfit(value);
    }

    private double special(String value) throws Unfit {
        return switch (value) {
            case "NaN", "nan" -> Double.NaN;
            case "Infinity", "+Infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
            default -> throw unfit(value);
        };
    }

    private Object floating(double value) {
        return kind == Kind.DOUBLE ? (Object) value : (Object) (float) value;
    }

    private Object whole(long value, Object text) throws Unfit {
        if (kind == Kind.LONG) return value;
        if (kind == Kind.INT && value == (int) value) return (int) value;
        if (kind == Kind.SHORT && value == (short) value) return (short) value;
        if (kind == Kind.BYTE && value == (byte) value) return (byte) value;
        throw unfit(text);
    }

    /** Refuses by the size first: the digits of 1e999999999 would fill the memory. */
    private Decimal decimal(BigDecimal value, Object text) throws Unfit {
        DecimalType decimal = (DecimalType) type;
        BigDecimal least = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        boolean fits = least.scale() <= decimal.scale()
                && (long) least.precision() - least.scale() <= decimal.precision() - decimal.scale();
        if (!fits) throw unfit(text);
        return Decimal.apply(
                new scala.math.BigDecimal(least.setScale(decimal.scale())), decimal.precision(), decimal.scale());
    }

    /** @param node not a JSON null */
    Object ofJson(JsonNode node) throws Unfit {
        return switch (kind) {
            case TEXT -> UTF8String.fromString(node.isTextual() ? node.textValue() : node.toString());
            case STRUCT -> struct(node);
            case ARRAY -> array(node);
            case MAP -> map(node);
            case BOOLEAN -> {
                if (node.isBoolean()) yield node.booleanValue();
                throw unfit(node);
            }
            case DATE, TIMESTAMP -> {
                if (node.isTextual() || node.isIntegralNumber()) yield ofText(node.asText());
                throw unfit(node);
            }
            case BINARY -> {
                if (node.isTextual()) yield ofText(node.textValue());
                throw unfit(node);
            }
            case DOUBLE, FLOAT, DECIMAL, LONG, INT, SHORT, BYTE -> jsonNumber(node);
        };
    }

    private Object jsonNumber(JsonNode node) throws Unfit {
        if (node.isTextual()) return ofText(node.textValue());
        if (!node.isNumber()) throw unfit(node);
        if (kind == Kind.DOUBLE || kind == Kind.FLOAT) {
            double value = node.doubleValue();
            if (Double.isInfinite(value)) throw unfit(node); // JSON has no infinity
            return floating(value);
        }
        if (kind == Kind.DECIMAL) return decimal(node.decimalValue(), node);
        if (node.isIntegralNumber() && node.canConvertToLong()) return whole(node.longValue(), node);
        throw unfit(node);
    }

    private Object struct(JsonNode node) throws Unfit {
        if (!node.isObject()) throw unfit(node);
        Object[] values = new Object[inner.length];
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            Integer at = fields.get(field.getKey());
            if (at != null) values[at] = inner(inner[at], field.getValue());
            else if (!spelling.dropUnknown()) {
                throw new Unfit(
                        Unfit.TYPE,
                        "has a key `" + Cut.to(60, field.getKey()) + "`, which is not in " + type.simpleString());
            }
        }
        return new GenericInternalRow(values);
    }

    private Object array(JsonNode node) throws Unfit {
        if (!node.isArray()) throw unfit(node);
        Object[] items = new Object[node.size()];
        Iterator<JsonNode> found = node.iterator();
        for (int i = 0; i < items.length; i++) items[i] = inner(inner[0], found.next());
        return new GenericArrayData(items);
    }

    private Object map(JsonNode node) throws Unfit {
        if (!node.isObject()) throw unfit(node);
        Object[] keys = new Object[node.size()];
        Object[] items = new Object[node.size()];
        int i = 0;
        for (Map.Entry<String, JsonNode> item : node.properties()) {
            keys[i] = inner[0].ofText(item.getKey());
            items[i++] = inner(inner[1], item.getValue());
        }
        return new ArrayBasedMapData(new GenericArrayData(keys), new GenericArrayData(items));
    }

    private static Object inner(Values values, JsonNode value) throws Unfit {
        return value.isNull() ? null : values.ofJson(value);
    }

    private Unfit unfit(Object value) {
        return new Unfit(Unfit.TYPE, "is not a valid " + type.simpleString() + ": " + Cut.shown(value.toString()));
    }
}
