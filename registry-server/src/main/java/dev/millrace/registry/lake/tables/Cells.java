package dev.millrace.registry.lake.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;

/**
 * Values of Delta Kernel's vectors as JSON that any client reads without loss: dates and times are ISO-8601, timestamps
 * in UTC; decimals, and whole numbers beyond 2^53, are texts with all their digits; binary is Base64; NaN and the
 * infinities are the texts {@code NaN}, {@code Infinity}, {@code -Infinity}. Long values are cut. Not thread-safe.
 */
final class Cells {
    static final int MOST_CHARACTERS = 1_000;
    static final int MOST_BYTES = 384;
    static final int MOST_ITEMS = 100;
    private static final long EXACT = 1L << 53;
    private static final long MICROS = 1_000_000;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private boolean cut;
    private long size;

    /** Whether a value since the last call was cut. */
    boolean wasCut() {
        boolean was = cut;
        cut = false;
        return was;
    }

    /** Characters and numbers written so far, to bound an answer. */
    long size() {
        return size;
    }

    JsonNode json(ColumnVector vector, int row) {
        size += 8;
        if (vector.isNullAt(row)) return JSON.nullNode();
        DataType type = vector.getDataType();
        if (type instanceof StructType struct) return struct(struct, vector, row);
        if (type instanceof ArrayType) return array(vector.getArray(row));
        if (type instanceof MapType) return map(vector.getMap(row));
        if (type instanceof StringType) return text(vector.getString(row));
        if (type instanceof BinaryType) return binary(vector.getBinary(row));
        if (type instanceof DecimalType)
            return JSON.textNode(vector.getDecimal(row).toPlainString());
        if (type instanceof BooleanType) return JSON.booleanNode(vector.getBoolean(row));
        if (type instanceof DateType) {
            return JSON.textNode(LocalDate.ofEpochDay(vector.getInt(row)).toString());
        }
        return number(type, vector, row);
    }

    private JsonNode number(DataType type, ColumnVector vector, int row) {
        if (type instanceof LongType) return whole(vector.getLong(row));
        if (type instanceof IntegerType) return JSON.numberNode(vector.getInt(row));
        if (type instanceof ShortType) return JSON.numberNode(vector.getShort(row));
        if (type instanceof ByteType) return JSON.numberNode(vector.getByte(row));
        if (type instanceof DoubleType) {
            double value = vector.getDouble(row);
            return Double.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Double.toString(value));
        }
        if (type instanceof FloatType) {
            float value = vector.getFloat(row);
            return Float.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Float.toString(value));
        }
        if (type instanceof TimestampType) {
            return JSON.textNode(moment(vector.getLong(row)).toString());
        }
        if (type instanceof TimestampNTZType) {
            return JSON.textNode(LocalDateTime.ofInstant(moment(vector.getLong(row)), ZoneOffset.UTC)
                    .toString());
        }
        cut = true; // a type younger than this code is named rather than guessed at
        return JSON.textNode("(" + TypeText.of(type) + ")");
    }

    private static JsonNode whole(long value) {
        return Math.abs(value) <= EXACT ? JSON.numberNode(value) : JSON.textNode(Long.toString(value));
    }

    private static Instant moment(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }

    private JsonNode text(String value) {
        String shown = value;
        if (value.length() > MOST_CHARACTERS) {
            int end = MOST_CHARACTERS - (Character.isHighSurrogate(value.charAt(MOST_CHARACTERS - 1)) ? 1 : 0);
            shown = value.substring(0, end) + "…";
            cut = true;
        }
        size += shown.length();
        return JSON.textNode(shown);
    }

    private JsonNode binary(byte[] value) {
        byte[] shown = value.length > MOST_BYTES ? Arrays.copyOf(value, MOST_BYTES) : value;
        cut |= shown != value;
        size += shown.length * 4L / 3;
        return JSON.textNode(Base64.getEncoder().encodeToString(shown) + (shown == value ? "" : "…"));
    }

    private ObjectNode struct(StructType type, ColumnVector vector, int row) {
        ObjectNode object = JSON.objectNode();
        for (int i = 0; i < type.length(); i++) object.set(type.at(i).getName(), json(vector.getChild(i), row));
        return object;
    }

    private ArrayNode array(ArrayValue value) {
        ArrayNode array = JSON.arrayNode();
        int shown = Math.min(value.getSize(), MOST_ITEMS);
        cut |= shown < value.getSize();
        for (int i = 0; i < shown; i++) array.add(json(value.getElements(), i));
        return array;
    }

    private ObjectNode map(MapValue value) {
        ObjectNode object = JSON.objectNode();
        int shown = Math.min(value.getSize(), MOST_ITEMS);
        cut |= shown < value.getSize();
        for (int i = 0; i < shown; i++) {
            JsonNode key = json(value.getKeys(), i);
            object.set(key.isValueNode() ? key.asText() : key.toString(), json(value.getValues(), i));
        }
        return object;
    }
}
