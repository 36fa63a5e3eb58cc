package dev.millrace.platform.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON Schema (draft 2020-12) of a job file, read from the same records and annotations that {@link Binder} binds.
 * What the binder takes is valid here; a few things it refuses pass here too: what a record's constructor checks, and a
 * {@code ${variable}} of any value. Files are the same bytes on every machine.
 */
public final class JsonSchema {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DURATION = "^ *[0-9]+ ?(ms|s|m|min|h|d|w) *$";
    private static final String VARIABLE = "\\$\\{[A-Za-z_][A-Za-z0-9_.-]*(:[^}]*)?\\}";

    private final ObjectNode definitions = JSON.createObjectNode();
    private final Map<String, Class<?>> named = new LinkedHashMap<>();

    private JsonSchema() {}

    /**
     * The schema of a whole job file: the common keys, and the job's own section (for a pipeline, its {@code steps}).
     *
     * @param job the command: {@code train}
     * @param config what the section is bound to
     * @return pretty JSON that ends in a line feed
     */
    public static String ofJobFile(String job, Class<? extends Record> config) {
        return printed(new JsonSchema().jobFile(job, config));
    }

    private ObjectNode jobFile(String job, Class<?> config) {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Millrace job file: " + job);
        Doc doc = config.getAnnotation(Doc.class);
        if (doc != null) schema.put("description", doc.value());
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("job").put("const", job).put("description", "command of this file");
        for (RecordComponent common : JobFile.Common.class.getRecordComponents()) {
            properties.set(Names.of(common), component(common));
        }
        ArrayNode required = schema.putArray("required").add("job");
        if (job.equals("pipeline")) {
            RecordComponent steps = config.getRecordComponents()[0];
            properties.set(Names.of(steps), component(steps));
            required.add(Names.of(steps));
        } else {
            properties.set(job, of(config));
            required.add(job);
        }
        schema.put("additionalProperties", false);
        definitions.putObject("variable").put("type", "string").put("pattern", VARIABLE);
        schema.set("$defs", definitions);
        return schema;
    }

    private ObjectNode component(RecordComponent component) {
        ObjectNode schema = of(component.getGenericType());
        bound(schema, component);
        // Keywords beside a $ref hold together with it in 2020-12, so every key may carry its own description.
        Doc doc = component.getAnnotation(Doc.class);
        if (doc != null) schema.put("description", doc.value());
        Default byDefault = component.getAnnotation(Default.class);
        if (byDefault != null) {
            Problems none = new Problems();
            Object value = new Yaml("default", name -> null, none)
                    .parse(byDefault.value())
                    .plain();
            schema.set("default", JSON.valueToTree(value));
        }
        return schema;
    }

    private static void bound(ObjectNode schema, RecordComponent component) {
        if (!(schema.path("anyOf").path(0) instanceof ObjectNode number)) return;
        if (!number.path("type").asText().matches("integer|number")) return;
        Min min = component.getAnnotation(Min.class);
        Max max = component.getAnnotation(Max.class);
        if (min != null) put(number, "minimum", min.value());
        if (max != null) put(number, "maximum", max.value());
    }

    private static void put(ObjectNode schema, String keyword, double bound) {
        if (bound == Math.rint(bound)) schema.put(keyword, (long) bound);
        else schema.put(keyword, bound);
    }

    private ObjectNode of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Optional.class) return of(arguments[0]);
            return generic.getRawType() == List.class ? list(of(arguments[0])) : map(of(arguments[1]));
        }
        Class<?> raw = (Class<?>) type;
        if (raw == Object.class || raw == ConfigNode.class) return anyValue();
        if (Scalars.factory(raw).isPresent() && isTextOnly(raw)) return text();
        if (raw.isRecord() || (raw.isSealed() && !isEnum(raw))) return reference(raw);
        if (Scalars.factory(raw).isPresent()) return text();
        return scalar(raw);
    }

    private static ObjectNode anyValue() {
        ObjectNode schema = JSON.createObjectNode();
        schema.putArray("type")
                .add("string")
                .add("number")
                .add("boolean")
                .add("array")
                .add("object");
        return schema;
    }

    /** An array, or one scalar that stands for a list of one. */
    private ObjectNode list(ObjectNode items) {
        ObjectNode schema = JSON.createObjectNode();
        ArrayNode either = schema.putArray("anyOf");
        either.addObject().put("type", "array").set("items", items);
        ObjectNode one = either.addObject();
        one.putArray("type").add("string").add("number").add("boolean");
        one.set("allOf", JSON.createArrayNode().add(items.deepCopy()));
        return schema;
    }

    private static ObjectNode map(ObjectNode values) {
        ObjectNode schema = JSON.createObjectNode().put("type", "object");
        schema.set("additionalProperties", values);
        return schema;
    }

    private static ObjectNode scalar(Class<?> type) {
        if (type == String.class) return text();
        if (isEnum(type)) {
            ObjectNode names = JSON.createObjectNode();
            Names.constants(type).keySet().forEach(names.putArray("enum")::add);
            return orVariable(names);
        }
        if (type == Duration.class) {
            return orVariable(JSON.createObjectNode().put("type", "string").put("pattern", DURATION));
        }
        if (type == Instant.class || type == ZoneId.class) return text();
        if (type == boolean.class || type == Boolean.class) return orVariable("boolean");
        if (type == double.class || type == Double.class) return orVariable("number");
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return orVariable("integer");
        }
        throw new AssertionError("No schema for " + type);
    }

    private static ObjectNode text() {
        return JSON.createObjectNode().put("type", "string").put("pattern", "\\S");
    }

    private static ObjectNode orVariable(String type) {
        return orVariable(JSON.createObjectNode().put("type", type));
    }

    private static ObjectNode orVariable(ObjectNode value) {
        ObjectNode schema = JSON.createObjectNode();
        schema.putArray("anyOf").add(value).addObject().put("$ref", "#/$defs/variable");
        return schema;
    }

    private ObjectNode reference(Class<?> type) {
        String name = nameOf(type);
        if (named.putIfAbsent(name, type) == null) {
            ObjectNode placed = definitions.putObject(name); // before its parts, so that a type may hold itself
            placed.setAll(definition(type));
        }
        return JSON.createObjectNode().put("$ref", "#/$defs/" + name);
    }

    /** The simple name, with the enclosing class's where two types share it. */
    private String nameOf(Class<?> type) {
        String name = Names.kebab(type.getSimpleName());
        Class<?> holder = named.get(name);
        if (holder == null || holder == type) return name;
        Class<?> outer = type.getEnclosingClass();
        String longer = outer == null ? type.getName() : Names.kebab(outer.getSimpleName()) + "." + name;
        Class<?> other = named.get(longer);
        return other == null || other == type ? longer : type.getName();
    }

    private ObjectNode definition(Class<?> type) {
        ObjectNode whole = type.isRecord() ? object(type, Optional.empty()) : variants(type);
        if (Scalars.factory(type).isEmpty()) return whole;
        ObjectNode schema = JSON.createObjectNode();
        ArrayNode either = schema.putArray("anyOf").add(text());
        // TableName is written as text only; its record form is how Java holds it.
        if (!isTextOnly(type)) either.add(whole);
        return schema;
    }

    /** A record of several required texts that its factory takes apart, such as a table's name. */
    private static boolean isTextOnly(Class<?> type) {
        if (!type.isRecord()) return false;
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(Doc.class)) return false;
        }
        return true;
    }

    private ObjectNode variants(Class<?> sealed) {
        String discriminator = sealed.getAnnotation(Variants.class).value();
        ObjectNode schema = described(JSON.createObjectNode(), sealed);
        ArrayNode alternatives = schema.putArray("oneOf");
        Names.variants(sealed)
                .forEach((name, variant) ->
                        alternatives.add(object(variant, Optional.of(Map.entry(discriminator, name)))));
        return schema;
    }

    private ObjectNode object(Class<?> type, Optional<Map.Entry<String, String>> discriminator) {
        ObjectNode schema = described(JSON.createObjectNode().put("type", "object"), type);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JSON.createArrayNode();
        discriminator.ifPresent(entry -> {
            properties.putObject(entry.getKey()).put("const", entry.getValue());
            required.add(entry.getKey());
        });
        for (RecordComponent component : type.getRecordComponents()) {
            properties.set(Names.of(component), component(component));
            Optional<String> alias = Names.aliasOf(component);
            alias.ifPresent(older -> properties.set(
                    older,
                    component(component)
                            .put("description", "deprecated name of " + Names.of(component))
                            .put("deprecated", true)));
            // With an alias the binder alone decides: a schema cannot say "one of the two" without hiding the rest.
            if (Binder.isRequired(component) && alias.isEmpty()) required.add(Names.of(component));
        }
        if (!required.isEmpty()) schema.set("required", required);
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode described(ObjectNode schema, Class<?> type) {
        Doc doc = type.getAnnotation(Doc.class);
        return doc == null ? schema : schema.put("description", doc.value());
    }

    private static boolean isEnum(Class<?> type) {
        return Enum.class.isAssignableFrom(type);
    }

    private static String printed(ObjectNode schema) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try {
            return JSON.writer(printer).writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new AssertionError("A tree can be written", impossible);
        }
    }
}
