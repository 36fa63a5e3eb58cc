package dev.millrace.registry.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.MillraceException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a request names, wherever a handler may read it from: path, query, and JSON body. */
public final class Mentioned {
    private final Context http;
    private JsonNode body;

    public Mentioned(Context http) {
        this.http = http;
    }

    public Optional<String> path(String name) {
        return Optional.ofNullable(http.pathParamMap().get(name));
    }

    /** Every text and whole number that stands under one of these names; lists count by their items. */
    public List<String> texts(String... names) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            path(name).ifPresent(found::add);
            http.queryParams(name).stream().filter(text -> !text.isEmpty()).forEach(found::add);
            JsonNode value = body().path(name);
            for (JsonNode item : value.isArray() ? value : List.of(value)) {
                if (item.isTextual() && !item.textValue().isEmpty()) found.add(item.textValue());
                if (item.isIntegralNumber()) found.add(item.asText());
            }
        }
        return found;
    }

    /** The body; an object without fields where there is none, or none that is read as JSON. */
    public JsonNode body() {
        if (body == null) body = read();
        return body;
    }

    private JsonNode read() {
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        if (http.method().equals(HandlerType.HEAD) || !Bodies.isJson(http)) return none;
        try {
            return Bodies.json(http);
        } catch (MillraceException notJson) {
            return none; // the handler refuses it in its own words
        }
    }
}
