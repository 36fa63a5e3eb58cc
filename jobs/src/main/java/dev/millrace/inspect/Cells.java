package dev.millrace.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Values of a query as JSON and as text. Timestamps are ISO-8601 in UTC, decimals keep their digits, binary is Base64;
 * NaN and the infinities, which JSON lacks, are the texts {@code NaN}, {@code Infinity} and {@code -Infinity}.
 */
final class Cells {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Cells() {}

    static JsonNode json(Object value) {
        if (value == null) return JSON.nullNode();
        if (value instanceof Boolean flag) return JSON.booleanNode(flag);
        if (value instanceof BigDecimal exact) return JSON.numberNode(exact);
        if (value instanceof Float real) return real(real, real.doubleValue());
        if (value instanceof Double real) return real(real, real);
        if (value instanceof Number whole) return JSON.numberNode(whole.longValue());
        if (value instanceof byte[] bytes)
            return JSON.textNode(Base64.getEncoder().encodeToString(bytes));
        if (value instanceof Row row) return object(row);
        if (value instanceof scala.collection.Map<?, ?> map) return object(map);
        if (value instanceof scala.collection.Iterable<?> items) return array(items);
        return JSON.textNode(value.toString());
    }

    private static JsonNode real(Number shown, double value) {
        if (!Double.isFinite(value)) return JSON.textNode(shown.toString());
        return shown instanceof Float single ? JSON.numberNode(single) : JSON.numberNode(value);
    }

    private static ObjectNode object(Row row) {
        ObjectNode object = JSON.objectNode();
        for (int i = 0; i < row.size(); i++) object.set(row.schema().apply(i).name(), json(row.get(i)));
        return object;
    }

    private static ObjectNode object(scala.collection.Map<?, ?> map) {
        ObjectNode object = JSON.objectNode();
        for (Map.Entry<?, ?> entry :
                scala.jdk.javaapi.CollectionConverters.asJava(map).entrySet()) {
            object.set(text(entry.getKey(), "null"), json(entry.getValue()));
        }
        return object;
    }

    private static ArrayNode array(scala.collection.Iterable<?> items) {
        ArrayNode array = JSON.arrayNode();
        for (Object item : scala.jdk.javaapi.CollectionConverters.asJava(items)) array.add(json(item));
        return array;
    }

    /** @param absent stands for NULL */
    static String text(Object value, String absent) {
        if (value == null) return absent;
        if (value instanceof BigDecimal exact) return exact.toPlainString();
        JsonNode node = json(value);
        return node.isTextual() ? node.textValue() : node.toString();
    }
}
