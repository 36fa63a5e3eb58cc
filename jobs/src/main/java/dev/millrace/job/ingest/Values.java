package dev.millrace.job.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.engine.intake.NumberSpelling;
import dev.millrace.engine.intake.TimeSpelling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Texts and JSON values to the values of one column. Nothing is rounded, cut or turned into NULL. */
final class Values {
    private final DataType type;
    private final NumberSpelling numbers;
    private final TimeSpelling times;
    private final boolean dropUnknown;

    /** @param dropUnknown whether JSON keys that a struct does not have are dropped; else the value is refused */
    Values(DataType type, NumberSpelling numbers, TimeSpelling times, boolean dropUnknown) {
        this.type = type;
        this.numbers = numbers;
        this.times = times;
        this.dropUnknown = dropUnknown;
    }

    /** A value does not fit the type. The message ends a sentence: "is not a whole number: …". */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message, null, false, false);
        }
    }

    /** Whether the column holds texts, so that an empty one is a value. */
    boolean isText() {
        return type.equals(DataTypes.StringType);
    }

    /** Whether a cell of CSV can hold the type. */
    static boolean isScalar(DataType type) {
        return !(type instanceof ArrayType) && !(type instanceof StructType) && !(type instanceof MapType);
    }

    /** @param text a cell that has a value */
    Object ofText(String text) throws Unfit {
        if (type.equals(DataTypes.StringType)) return text;
        String value = text.strip();
        if (type.equals(DataTypes.BooleanType)) return bool(value);
        if (type.equals(DataTypes.DateType)) return times.date(value).orElseThrow(() -> unfit(value));
        if (type.equals(DataTypes.TimestampType)) return times.instant(value).orElseThrow(() -> unfit(value));
        if (type.equals(DataTypes.BinaryType)) return value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return number(value);
    }

    private Object bool(String value) throws Unfit {
        if (value.equalsIgnoreCase("true") || value.equals("1")) return true;
        if (value.equalsIgnoreCase("false") || value.equals("0")) return false;
        throw unfit(value);
    }

    private Object number(String value) throws Unfit {
        String plain = numbers.plain(value);
        boolean floating = type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType);
        if (plain.isEmpty()) return floating ? floating(special(value)) : refuse(value);
        if (floating) return floating(Double.parseDouble(plain));
        if (type instanceof DecimalType decimal) return decimal(new BigDecimal(plain), decimal);
        if (!NumberSpelling.isWhole(plain)) return refuse(value);
        try {
            return whole(Long.parseLong(plain), value);
        } catch (NumberFormatException tooLarge) {
            return refuse(value);
        }
    }

    private Object refuse(String value) throws Unfit {
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
        return type.equals(DataTypes.DoubleType) ? (Object) value : (Object) (float) value;
    }

    private Object whole(long value, String text) throws Unfit {
        if (type.equals(DataTypes.LongType)) return value;
        if (type.equals(DataTypes.IntegerType) && value == (int) value) return (int) value;
        if (type.equals(DataTypes.ShortType) && value == (short) value) return (short) value;
        if (type.equals(DataTypes.ByteType) && value == (byte) value) return (byte) value;
        throw unfit(text);
    }

    private Object decimal(BigDecimal value, DecimalType decimal) throws Unfit {
        try {
            BigDecimal scaled = value.setScale(decimal.scale());
            if (scaled.precision() <= decimal.precision()) return scaled;
        } catch (ArithmeticException wouldRound) {
            // Told below: what does not fit is not rounded.
        }
        throw unfit(value.toPlainString());
    }

    /** @param node not a JSON null */
    Object ofJson(JsonNode node) throws Unfit {
        if (type.equals(DataTypes.StringType)) return node.isTextual() ? node.textValue() : node.toString();
        if (type instanceof StructType struct) return struct(node, struct);
        if (type instanceof ArrayType array) return array(node, array);
        if (type instanceof MapType map) return map(node, map);
        if (type.equals(DataTypes.BooleanType)) {
            if (node.isBoolean()) return node.booleanValue();
            throw unfit(node.toString());
        }
        boolean temporal = type.equals(DataTypes.DateType) || type.equals(DataTypes.TimestampType);
        if (node.isTextual() || (temporal && node.isIntegralNumber())) return ofText(node.asText());
        if (!node.isNumber()) throw unfit(node.toString());
        return jsonNumber(node);
    }

    private Object jsonNumber(JsonNode node) throws Unfit {
        if (type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType)) {
            double value = node.doubleValue();
            if (Double.isInfinite(value)) throw unfit(node.toString());
            return floating(value);
        }
        if (type instanceof DecimalType decimal) return decimal(node.decimalValue(), decimal);
        if (node.isIntegralNumber() && node.canConvertToLong()) return whole(node.longValue(), node.toString());
        throw unfit(node.toString());
    }

    private Object struct(JsonNode node, StructType struct) throws Unfit {
        if (!node.isObject()) throw unfit(node.toString());
        List<String> names = List.of(struct.fieldNames());
        for (java.util.Iterator<String> keys = node.fieldNames(); keys.hasNext(); ) {
            String key = keys.next();
            if (!dropUnknown && !names.contains(key))
                throw new Unfit("has a key `" + key + "` that " + named(struct) + " has not");
        }
        Object[] values = new Object[struct.size()];
        for (int i = 0; i < values.length; i++) {
            StructField field = struct.apply(i);
            values[i] = inner(field.dataType(), node.get(field.name()));
        }
        return RowFactory.create(values);
    }

    private Object array(JsonNode node, ArrayType array) throws Unfit {
        if (!node.isArray()) throw unfit(node.toString());
        List<Object> items = new ArrayList<>();
        for (JsonNode item : node) items.add(inner(array.elementType(), item));
        return scala.jdk.javaapi.CollectionConverters.asScala(items).toSeq();
    }

    private Object map(JsonNode node, MapType map) throws Unfit {
        if (!node.isObject()) throw unfit(node.toString());
        Map<String, Object> items = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> item : node.properties()) {
            items.put(item.getKey(), inner(map.valueType(), item.getValue()));
        }
        return scala.jdk.javaapi.CollectionConverters.asScala(items).toMap(scala.$less$colon$less$.MODULE$.refl());
    }

    private Object inner(DataType innerType, JsonNode value) throws Unfit {
        if (value == null || value.isNull()) return null;
        return new Values(innerType, numbers, times, dropUnknown).ofJson(value);
    }

    private Unfit unfit(String value) {
        return new Unfit("is no " + named(type) + ": " + Cut.shown(value));
    }

    private static String named(DataType type) {
        return type.simpleString();
    }
}
