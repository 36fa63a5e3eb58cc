package dev.millrace.registry.platform.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.MillraceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Where the next page begins: the sort values of the last row given out. So rows added or deleted meanwhile neither
 * repeat nor hide others. Opaque to clients; it also holds a digest of the query it belongs to.
 *
 * @param query digest of the filter and the order
 * @param after Long, Double or String, as many as the order has parts
 */
record PageToken(int query, List<Object> after) {
    private static final ObjectMapper JSON = new ObjectMapper();

    PageToken {
        after = List.copyOf(after);
    }

    String encoded() {
        ObjectNode node = JSON.createObjectNode().put("q", query);
        ArrayNode values = node.putArray("k");
        for (Object value : after) {
            if (value instanceof Long number) values.add(number.longValue());
            else if (value instanceof Double number) values.add(number.doubleValue());
            else values.add((String) value);
        }
        return Base64.getUrlEncoder().encodeToString(node.toString().getBytes(StandardCharsets.UTF_8));
    }

    static PageToken decoded(String token) {
        JsonNode node;
        try {
            node = JSON.readTree(Base64.getUrlDecoder().decode(token));
        } catch (IllegalArgumentException | JsonProcessingException garbled) {
            throw MillraceException.invalid("Invalid page token, could not base64-decode");
        } catch (java.io.IOException impossible) {
            throw new AssertionError(impossible);
        }
        if (!node.path("q").isInt() || !node.path("k").isArray()) {
            throw MillraceException.invalid("Invalid page token, parsed value was not one of this server's");
        }
        List<Object> after = new ArrayList<>();
        for (JsonNode value : node.path("k")) {
            if (value.isIntegralNumber()) after.add(value.longValue());
            else if (value.isNumber()) after.add(value.doubleValue());
            else after.add(value.asText());
        }
        return new PageToken(node.path("q").intValue(), after);
    }
}
