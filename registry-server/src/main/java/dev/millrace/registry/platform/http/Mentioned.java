package dev.millrace.registry.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.MillraceException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request names, wherever a handler may read it from: path, query, and JSON body. */
public final class Mentioned {
    /** {@code metrics[].model_id}, {@code tags[key=mlflow.parentRunId].value}. */
    private static final Pattern NESTED = Pattern.compile("(\\w+)\\[(?:(\\w+)=([^]]+))?]\\.(\\w+)");

    private final Context http;
    private final Map<String, String> path;
    private JsonNode body;

    public Mentioned(Context http) {
        this(http, http.pathParamMap());
    }

    /** @param path the values in the path, where Javalin has not read them itself */
    public Mentioned(Context http, Map<String, String> path) {
        this.http = http;
        this.path = Map.copyOf(path);
    }

    public Optional<String> path(String name) {
        return Optional.ofNullable(path.get(name));
    }

    /**
     * Every text and whole number that stands under one of these names; lists count by their items.
     *
     * @param names {@code run_id}; of the items of a list in the body {@code metrics[].model_id}; of some of them {@code
     *     tags[key=mlflow.parentRunId].value}
     */
    public List<String> texts(String... names) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            Matcher nested = NESTED.matcher(name);
            if (nested.matches()) {
                ofItems(nested, found);
                continue;
            }
            path(name).ifPresent(found::add);
            http.queryParams(name).stream().filter(text -> !text.isEmpty()).forEach(found::add);
            JsonNode value = body().path(name);
            for (JsonNode item : value.isArray() ? value : List.of(value)) add(item, found);
        }
        return found;
    }

    private void ofItems(Matcher nested, List<String> found) {
        JsonNode list = body().path(nested.group(1));
        for (JsonNode item : list.isArray() ? list : List.<JsonNode>of()) {
            boolean isMeant = nested.group(2) == null
                    || item.path(nested.group(2)).asText().equals(nested.group(3));
            if (isMeant) add(item.path(nested.group(4)), found);
        }
    }

    private static void add(JsonNode value, List<String> found) {
        if (value.isTextual() && !value.textValue().isEmpty()) found.add(value.textValue());
        if (value.isIntegralNumber()) found.add(value.asText());
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
