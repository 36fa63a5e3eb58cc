package dev.millrace.registry.platform.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The one JSON mapper: snake_case names, absent and empty lists left out as MLflow does, NaN and infinities as texts,
 * nothing coerced, nothing twice, nothing unknown.
 */
public final class StrictJson {
    private static final ObjectMapper MAPPER = mapper();
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private StrictJson() {}

    private static ObjectMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(new Jdk8Module())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY) // of two spellings
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
                .build();
        mapper.configOverride(List.class)
                .setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS));
        mapper.coercionConfigFor(LogicalType.Textual)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        return mapper;
    }

    /** As {@link #bytes}, without all of them in memory. */
    static void write(Object value, OutputStream out) throws IOException {
        MAPPER.writeValue(out, value);
    }

    /** @param value records, lists, maps of them */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalStateException("Cannot write " + value.getClass() + " as JSON", unwritable);
        }
    }

    public static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /** @throws MillraceException USAGE, with the place and the cause */
    public static <T> T value(JsonNode json, Class<T> type) {
        if (json.isNull()) throw MillraceException.invalid("The request's body must be a JSON object, not null.");
        try {
            return MAPPER.treeToValue(json, type);
        } catch (JsonProcessingException unreadable) {
            throw invalid(unreadable);
        }
    }

    /**
     * A request's body as a tree; an object with no fields for an empty one. A byte order mark is skipped.
     *
     * @param proto whether names of fields may be written in camelCase, as proto JSON has them
     * @throws MillraceException USAGE, with the cause
     */
    static JsonNode tree(byte[] json, JsonMemory.Share share, boolean proto) {
        try (JsonParser parser = new MeasuredParser(MAPPER.createParser(strictly(json)), share, proto)) {
            JsonNode tree = MAPPER.readTree(parser);
            if (tree == null) return MAPPER.createObjectNode();
            if (parser.nextToken() == null) return tree;
            throw MillraceException.invalid("The request's body goes on after its JSON.");
        } catch (JsonProcessingException unreadable) {
            throw invalid(unreadable);
        } catch (IOException badBytes) {
            throw MillraceException.invalid("The request's body is not UTF-8.");
        }
    }

    /** Jackson's own decoder takes overlong forms and halves of pairs. */
    private static Reader strictly(byte[] utf8) {
        int mark = startsWithMark(utf8) ? MARK.length : 0;
        return new InputStreamReader(
                new ByteArrayInputStream(utf8, mark, utf8.length - mark), StandardCharsets.UTF_8.newDecoder());
    }

    private static boolean startsWithMark(byte[] utf8) {
        return utf8.length > MARK.length && Arrays.equals(utf8, 0, MARK.length, MARK, 0, MARK.length);
    }

    /** The text as a tree; an object with no fields for an empty text. */
    public static JsonNode tree(String json) {
        if (json.isBlank()) return MAPPER.createObjectNode();
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException unreadable) {
            throw invalid(unreadable);
        }
    }

    /** A tree of records, maps and scalars. */
    static JsonNode tree(Map<String, ?> value) {
        return MAPPER.valueToTree(value);
    }

    private static MillraceException invalid(JsonProcessingException unreadable) {
        String where = unreadable instanceof com.fasterxml.jackson.databind.JsonMappingException mapping
                        && !mapping.getPathReference().isEmpty()
                ? " at " + path(mapping)
                : "";
        return new MillraceException(
                dev.millrace.registry.platform.error.ErrorKind.USAGE,
                "The request's body is not the JSON expected here" + where + ": "
                        + unreadable.getOriginalMessage().lines().findFirst().orElse(""),
                unreadable);
    }

    private static String path(com.fasterxml.jackson.databind.JsonMappingException mapping) {
        StringBuilder path = new StringBuilder();
        mapping.getPath().forEach(step -> {
            if (step.getFieldName() == null)
                path.append('[').append(step.getIndex()).append(']');
            else path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
        });
        return path.toString();
    }
}
