package dev.millrace.registry.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Excerpt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The fields of one MLflow request, from its query, path or JSON body, read with MLflow's rules: null and an empty required text count as missing, integers may come as decimal text, doubles as "NaN" and
 * "Infinity". Messages are MLflow's, since its clients' tests match them.
 */
public final class Fields {
    private static final String SEE = " See the API docs for more information about request parameters.";

    private final JsonNode node;
    private final String prefix;
    /** Whether it was a query, in which everything is text and a list may have one item. */
    private final boolean query;
    /** Names that were asked for: the fields that this call has. */
    private final Set<String> read = new HashSet<>();

    private Fields(JsonNode node, String prefix, boolean query) {
        this.node = node;
        this.prefix = prefix;
        this.query = query;
    }

    static Fields ofQuery(JsonNode node) {
        return new Fields(node, "", true);
    }

    static Fields ofBody(JsonNode node) {
        return new Fields(node, "", false);
    }

    /** Fields of a map, for tests and for callers that have no request. */
    public static Fields of(Map<String, ?> values) {
        return ofBody(StrictJson.tree(values));
    }

    private JsonNode value(String name) {
        read.add(name);
        return node.path(name);
    }

    /** What was given, other than null, and nobody has asked for by now. */
    List<String> unread() {
        return node.properties().stream()
                .filter(field -> !field.getValue().isNull() && !read.contains(field.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Of a scalar given more than once in a query, the first counts. */
    private JsonNode scalar(String name) {
        JsonNode value = value(name);
        return query && value.isArray() ? value.path(0) : value;
    }

    public Optional<String> text(String name) {
        JsonNode value = scalar(name);
        if (isAbsent(value)) return Optional.empty();
        if (!value.isTextual()) throw wrongType(name, value);
        return Optional.of(value.textValue());
    }

    /** Absent when empty, too. */
    public Optional<String> nonEmptyText(String name) {
        return text(name).filter(value -> !value.isEmpty());
    }

    public String requiredText(String name) {
        return nonEmptyText(name).orElseThrow(() -> missing(name));
    }

    public Optional<Long> integer(String name) {
        JsonNode value = scalar(name);
        if (isAbsent(value)) return Optional.empty();
        if (value.isIntegralNumber() && value.canConvertToLong()) return Optional.of(value.longValue());
        if (value.isDouble() && isWhole(value.doubleValue())) return Optional.of((long) value.doubleValue());
        if (value.isTextual() && value.textValue().matches("-?[0-9]{1,18}")) {
            return Optional.of(Long.valueOf(value.textValue()));
        }
        throw wrongType(name, value);
    }

    /** Proto JSON takes {@code 3.0} for 3; beyond 2^53 a double no longer says which number is meant. */
    private static boolean isWhole(double value) {
        return value == Math.rint(value) && Math.abs(value) <= 1L << 53;
    }

    public long requiredInteger(String name) {
        return integer(name).orElseThrow(() -> missing(name));
    }

    public double requiredDouble(String name) {
        JsonNode value = value(name);
        if (isAbsent(value) || value.asText("x").isEmpty()) throw missing(name);
        if (value.isNumber()) return value.doubleValue();
        if (!value.isTextual()) throw wrongType(name, value);
        return switch (value.textValue().toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> decimal(name, value);
        };
    }

    private double decimal(String name, JsonNode value) {
        try {
            return Double.parseDouble(value.textValue());
        } catch (NumberFormatException notANumber) {
            throw wrongType(name, value);
        }
    }

    /**
     * A name of an enum. Protobuf also writes enums as numbers; unknown names count as absent, as in MLflow.
     *
     * @param names in the order of their numbers, from 1
     */
    public Optional<String> oneOf(String name, List<String> names) {
        JsonNode value = value(name);
        if (value.isInt()) {
            return Optional.of(value.intValue() - 1)
                    .filter(index -> index >= 0 && index < names.size())
                    .map(names::get);
        }
        return text(name).filter(names::contains);
    }

    /** Whether the field is there at all. */
    public boolean isGiven(String name) {
        return !isAbsent(value(name));
    }

    /** False when absent. */
    public boolean flag(String name) {
        JsonNode value = scalar(name);
        if (isAbsent(value)) return false;
        if (value.isBoolean()) return value.booleanValue();
        if (query && value.isTextual() && value.textValue().matches("(?i)true|false")) {
            return Boolean.parseBoolean(value.textValue());
        }
        throw wrongType(name, value);
    }

    /** A list of texts; in a query, a single one is a list of one. */
    public List<String> texts(String name) {
        JsonNode value = value(name);
        if (isAbsent(value)) return List.of();
        if (query && value.isTextual()) return List.of(value.textValue());
        if (!value.isArray()) throw wrongType(name, value);
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isTextual()) throw wrongType(name, item);
            texts.add(item.textValue());
        }
        return texts;
    }

    /** A list of objects, each read by {@code read}. */
    public <T> List<T> items(String name, Function<Fields, T> read) {
        JsonNode value = value(name);
        if (isAbsent(value)) return List.of();
        if (!value.isArray()) throw wrongType(name, value);
        List<T> items = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            JsonNode item = value.get(i);
            String at = prefix + name + "[" + i + "]";
            if (!item.isObject()) throw invalid(at, item);
            items.add(read.apply(new Fields(item, at + ".", false)));
        }
        return items;
    }

    /** {@link #items} of a field that must be there; it may be empty. */
    public <T> List<T> requiredItems(String name, Function<Fields, T> read) {
        if (!isGiven(name)) throw missing(name);
        return items(name, read);
    }

    /** A required object. */
    public Fields object(String name) {
        JsonNode value = value(name);
        if (isAbsent(value)) throw missing(name);
        if (!value.isObject()) throw wrongType(name, value);
        return new Fields(value, prefix + name + ".", false);
    }

    /**
     * {@code max_results}, checked.
     *
     * @param fallback when absent
     * @param limit the greatest allowed
     */
    public int maxResults(int fallback, int limit) {
        long given = integer("max_results").orElse((long) fallback);
        if (given <= 0) {
            throw MillraceException.invalid(
                    "Invalid value " + given + " for parameter 'max_results' supplied. It must be a positive integer");
        }
        if (given > limit) {
            throw MillraceException.invalid(
                    "Invalid value " + given + " for parameter 'max_results' supplied. It must be at most " + limit);
        }
        return (int) given;
    }

    /** {@code max_results} before it is checked; 0 when it is absent or no number. */
    long wanted() {
        JsonNode given = scalar("max_results");
        return given.canConvertToLong() || given.isTextual() ? Math.max(0, given.asLong()) : 0;
    }

    /** {@code run_id}, or its old name {@code run_uuid}. */
    public String runId() {
        Optional<String> old = nonEmptyText("run_uuid");
        return nonEmptyText("run_id").or(() -> old).orElseThrow(() -> missing("run_id"));
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    /** That a field's value breaks a rule: {@code why}, and where to read more. */
    public MillraceException refused(String why) {
        return MillraceException.invalid(why + SEE);
    }

    /** That a required field is not there. */
    public MillraceException missing(String name) {
        return MillraceException.invalid("Missing value for required parameter '" + prefix + name + "'." + SEE);
    }

    private MillraceException wrongType(String name, JsonNode value) {
        return invalid(prefix + name, value);
    }

    private static MillraceException invalid(String path, JsonNode value) {
        return MillraceException.invalid("Invalid value " + shown(value) + " for parameter '" + path
                + "' supplied:  Hint: Value was of type '" + pythonType(value) + "'." + SEE);
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 200 ? text : Excerpt.of(text, 200) + "...";
    }

    private static String pythonType(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "list";
            case OBJECT, POJO -> "dict";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            case STRING, BINARY -> "str";
            case NULL, MISSING -> "NoneType";
        };
    }

    /** @return the same fields and one more */
    Fields with(String name, String value) {
        ObjectNode copy = node.deepCopy();
        copy.put(name, value);
        Fields more = new Fields(copy, prefix, query);
        more.read.addAll(read);
        more.read.add(name); // a part of the path, which no client could have meant otherwise
        return more;
    }
}
