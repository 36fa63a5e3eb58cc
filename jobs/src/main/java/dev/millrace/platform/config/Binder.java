package dev.millrace.platform.config;

import dev.millrace.platform.error.Nearest;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Binds YAML to records by their canonical constructors, strictly: unknown, missing and doubled keys, wrong kinds and
 * values out of range are all gathered in one {@link Problems}.
 *
 * <p>Keys are the kebab-case names of the components. A component is required unless it is an {@code Optional}, a
 * {@code List}, a {@code Map} or has a {@link Default}. Unquoted numbers are not text and quoted numbers are not
 * numbers. A record's {@link IllegalArgumentException} is reported at the record's own line.
 */
public final class Binder {
    /** Stands for "could not be bound"; the reason is already among the problems. */
    private static final Object FAILED = new Object();

    private final Problems problems;

    public Binder(Problems problems) {
        this.problems = problems;
    }

    /**
     * @param path the dotted path of {@code node} in its file, for messages
     * @return the record, or nothing when there are problems, which are then in {@link Problems}
     */
    public <T> Optional<T> bind(ConfigNode node, Class<T> type, String path) {
        Object value = value(node, type, path, null);
        return value == FAILED ? Optional.empty() : Optional.of(type.cast(value));
    }

    private Object value(ConfigNode node, Type type, String path, RecordComponent bounds) {
        if (node instanceof ConfigNode.Unknown) return FAILED;
        if (type instanceof ParameterizedType generic) return generic(node, generic, path, bounds);
        Class<?> raw = (Class<?>) type;
        if (node instanceof ConfigNode.Scalar scalar && scalar.isNull()) {
            return fail(node, path, "has no value; set one or remove the key");
        }
        if (raw == Object.class) return node.plain();
        if (raw == ConfigNode.class) return node;
        if (node instanceof ConfigNode.Scalar scalar) {
            Optional<Method> factory = Scalars.factory(raw);
            if (factory.isPresent()) return parsed(node, path, scalar, text -> invoke(factory.get(), text));
        }
        if (raw.isRecord()) return record(node, raw, path);
        // An enum whose constants have bodies counts as sealed, too.
        if (raw.isSealed() && !raw.isEnum()) return variant(node, raw, path);
        if (!(node instanceof ConfigNode.Scalar scalar)) return wrongKind(node, path, expectation(raw));
        return scalar(scalar, raw, path, bounds);
    }

    private Object generic(ConfigNode node, ParameterizedType type, String path, RecordComponent bounds) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == Optional.class) {
            Object inner = value(node, arguments[0], path, bounds);
            return inner == FAILED ? FAILED : Optional.of(inner);
        }
        return type.getRawType() == List.class ? list(node, arguments[0], path) : map(node, arguments[1], path);
    }

    private Object list(ConfigNode node, Type element, String path) {
        // A single value stands for a list of one: `keys: id`.
        if (node instanceof ConfigNode.Scalar scalar && !scalar.isNull()) {
            Object only = value(node, element, path, null);
            return only == FAILED ? FAILED : List.of(only);
        }
        if (!(node instanceof ConfigNode.Sequence sequence)) return wrongKind(node, path, "a list");
        List<Object> values = new ArrayList<>();
        boolean failed = false;
        for (ConfigNode item : sequence.items()) {
            Object value = value(item, element, path + "[" + values.size() + "]", null);
            failed |= value == FAILED;
            values.add(value);
        }
        return failed ? FAILED : List.copyOf(values);
    }

    private Object map(ConfigNode node, Type element, String path) {
        if (!(node instanceof ConfigNode.Mapping mapping)) return wrongKind(node, path, "a mapping");
        Map<String, Object> values = new LinkedHashMap<>();
        mapping.entries()
                .forEach((key, entry) -> values.put(key, value(entry.value(), element, path + "." + key, null)));
        return values.containsValue(FAILED) ? FAILED : java.util.Collections.unmodifiableMap(values);
    }

    private Object variant(ConfigNode node, Class<?> sealed, String path) {
        String discriminator = sealed.getAnnotation(Variants.class).value();
        Map<String, Class<?>> variants = Names.variants(sealed);
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            return wrongKind(node, path, "a mapping with `" + discriminator + "`");
        }
        ConfigNode.Entry chosen = mapping.entries().get(discriminator);
        if (chosen == null) {
            return fail(node, path, "requires `" + discriminator + "`: one of " + String.join(", ", variants.keySet()));
        }
        String name = String.valueOf(chosen.value().plain());
        Class<?> variant = variants.get(name);
        if (variant == null) {
            return fail(chosen.value(), path + "." + discriminator, unknownName(name, variants.keySet()));
        }
        Map<String, ConfigNode.Entry> rest = new LinkedHashMap<>(mapping.entries());
        rest.remove(discriminator);
        return record(new ConfigNode.Mapping(rest, mapping.where()), variant, path);
    }

    private Object record(ConfigNode node, Class<?> type, String path) {
        if (!(node instanceof ConfigNode.Mapping mapping)) return wrongKind(node, path, "a mapping");
        RecordComponent[] components = type.getRecordComponents();
        List<String> known = Arrays.stream(components).map(Names::of).toList();
        Set<String> older = Arrays.stream(components)
                .flatMap(component -> Names.aliasOf(component).stream())
                .collect(Collectors.toSet());
        Set<String> misspelt = new HashSet<>();
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key) && !older.contains(key)) {
                Nearest.to(key, known).ifPresent(misspelt::add);
                problems.add(
                        entry.where(),
                        child(path, key),
                        "is not a key here." + Nearest.hint(key, known) + " Known keys: " + String.join(", ", known)
                                + ".");
            }
        });
        Object[] values = new Object[components.length];
        boolean failed = false;
        for (int i = 0; i < components.length; i++) {
            // That a misspelt key is missing as well, or what follows from its default, would say the same twice.
            boolean isMisspelt = misspelt.contains(Names.of(components[i]))
                    && !mapping.entries().containsKey(Names.of(components[i]));
            values[i] = isMisspelt ? FAILED : component(mapping, components[i], path);
            failed |= values[i] == FAILED;
        }
        Object made = failed ? FAILED : construct(type, components, values, node, path);
        if (made instanceof Checked checked) {
            int before = problems.size();
            checked.check(findings(mapping, path));
            if (problems.size() > before) return FAILED;
        }
        return made;
    }

    private Checked.Findings findings(ConfigNode.Mapping mapping, String path) {
        return new Checked.Findings() {
            @Override
            public void add(String key, String message) {
                problems.add(line(mapping, key), child(path, key), message);
            }

            @Override
            public void warn(String key, String message) {
                problems.warn(line(mapping, key), child(path, key), message);
            }
        };
    }

    /** Where the key stands, or what of its path is there. */
    private static Where line(ConfigNode.Mapping mapping, String key) {
        ConfigNode node = mapping;
        Where where = mapping.where();
        for (String part : key.split("[.\\[\\]]+", -1)) {
            if (node instanceof ConfigNode.Mapping keys && keys.entries().containsKey(part)) {
                where = keys.entries().get(part).where();
                node = keys.entries().get(part).value();
            } else if (node instanceof ConfigNode.Sequence items
                    && part.matches("[0-9]+")
                    && Integer.parseInt(part) < items.items().size()) {
                node = items.items().get(Integer.parseInt(part));
                where = node.where();
            } else {
                return where;
            }
        }
        return where;
    }

    private Object component(ConfigNode.Mapping mapping, RecordComponent component, String path) {
        String key = Names.of(component);
        ConfigNode.Entry entry = mapping.entries().get(key);
        Optional<String> alias = Names.aliasOf(component).filter(mapping.entries()::containsKey);
        if (alias.isPresent()) {
            ConfigNode.Entry older = mapping.entries().get(alias.get());
            String olderPath = child(path, alias.get());
            if (entry != null)
                return fail(older.value(), olderPath, "is the older name of `" + key + "`; remove one of them");
            problems.warn(older.where(), olderPath, "is now named `" + key + "`; rename the key");
            entry = older;
            key = alias.get();
        }
        if (entry != null) return value(entry.value(), component.getGenericType(), child(path, key), component);
        Default byDefault = component.getAnnotation(Default.class);
        if (byDefault != null) {
            ConfigNode node = new Yaml(mapping.where().source(), name -> null, problems).parse(byDefault.value());
            return value(node, component.getGenericType(), child(path, key), component);
        }
        if (component.getType() == Optional.class) return Optional.empty();
        if (component.getType() == List.class) return List.of();
        if (component.getType() == Map.class) return Map.of();
        // What can be left out is decided here and in isRequired, which the JSON Schema asks.
        return fail(mapping, child(path, key), "is missing" + described(component));
    }

    /** Whether a record cannot be bound without this key. */
    static boolean isRequired(RecordComponent component) {
        Class<?> type = component.getType();
        return !component.isAnnotationPresent(Default.class)
                && type != Optional.class
                && type != List.class
                && type != Map.class;
    }

    private static String described(RecordComponent component) {
        Doc doc = component.getAnnotation(Doc.class);
        return doc == null ? "" : ": " + doc.value();
    }

    private Object construct(
            Class<?> type, RecordComponent[] components, Object[] values, ConfigNode node, String path) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof IllegalArgumentException refused) {
                return fail(node, path, refused.getMessage());
            }
            throw new IllegalStateException("Constructor of " + type.getName() + " failed", thrown.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(type.getName(), impossible);
        }
    }

    private Object scalar(ConfigNode.Scalar node, Class<?> type, String path, RecordComponent bounds) {
        if (type == String.class) return text(node, path);
        if (type == boolean.class || type == Boolean.class) {
            return node.isBoolean() ? (Object) Boolean.valueOf(node.text()) : wrongKind(node, path, "true or false");
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return integer(node, type, path, bounds);
        }
        if (type == double.class || type == Double.class) {
            if (!node.isNumber()) return wrongKind(node, path, "a number");
            return inBounds(node, ((Number) node.plain()).doubleValue(), path, bounds);
        }
        if (type.isEnum()) {
            Map<String, Object> constants = Names.constants(type);
            Object constant = constants.get(node.text());
            return constant != null ? constant : fail(node, path, unknownName(node.text(), constants.keySet()));
        }
        if (type == Duration.class) return parsed(node, path, node, Scalars::duration);
        if (type == Instant.class) return parsed(node, path, node, Scalars::instant);
        if (type == ZoneId.class) return parsed(node, path, node, Scalars::zone);
        throw new AssertionError("No binding for " + type);
    }

    private Object text(ConfigNode.Scalar node, String path) {
        if (!node.quoted() && !node.kind().equals("text")) {
            return fail(node, path, "expects text, found " + node.kind() + " (" + node.text() + "). Put it in quotes");
        }
        return node.text().isBlank() ? fail(node, path, "is blank; set a value or remove the key") : node.text();
    }

    private Object integer(ConfigNode.Scalar node, Class<?> type, String path, RecordComponent bounds) {
        if (!node.isInteger()) return wrongKind(node, path, "an integer");
        if (!(node.plain() instanceof Long number)) return fail(node, path, "is too large: " + node.text());
        Object checked = inBounds(node, (double) number, path, bounds);
        if (checked == FAILED) return FAILED;
        if (type == long.class || type == Long.class) return number;
        if (number != (int) (long) number) return fail(node, path, "is too large: " + node.text());
        return (int) (long) number;
    }

    private Object inBounds(ConfigNode.Scalar node, double number, String path, RecordComponent bounds) {
        Min min = bounds == null ? null : bounds.getAnnotation(Min.class);
        Max max = bounds == null ? null : bounds.getAnnotation(Max.class);
        if (min != null && number < min.value()) {
            return fail(node, path, "is " + node.text() + "; the minimum is " + plainNumber(min.value()));
        }
        if (max != null && number > max.value()) {
            return fail(node, path, "is " + node.text() + "; the maximum is " + plainNumber(max.value()));
        }
        return number;
    }

    private static String plainNumber(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private Object parsed(ConfigNode node, String path, ConfigNode.Scalar scalar, Function<String, ?> parser) {
        try {
            return parser.apply(scalar.text());
        } catch (IllegalArgumentException refused) {
            return fail(node, path, "is `" + scalar.text() + "`: " + refused.getMessage());
        }
    }

    private static Object invoke(Method factory, String text) {
        try {
            factory.setAccessible(true);
            return factory.invoke(null, text);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof IllegalArgumentException refused) throw refused;
            throw new IllegalStateException(factory + " failed for " + text, thrown.getCause());
        } catch (IllegalAccessException impossible) {
            throw new LinkageError(factory.toString(), impossible);
        }
    }

    private static String expectation(Class<?> type) {
        if (type.isEnum())
            return "one of " + String.join(", ", Names.constants(type).keySet());
        if (type == boolean.class || type == Boolean.class) return "true or false";
        if (type == Duration.class) return "a duration such as 7d";
        return type == String.class || type == Instant.class ? "text" : "a number";
    }

    private static String unknownName(String name, java.util.Collection<String> known) {
        return "is `" + name + "`, which is not a valid value." + Nearest.hint(name, known) + " Valid values: "
                + String.join(", ", known) + ".";
    }

    private Object wrongKind(ConfigNode node, String path, String expected) {
        String seen = node instanceof ConfigNode.Scalar scalar ? " (" + shortened(scalar.text()) + ")" : "";
        String cure = node instanceof ConfigNode.Scalar scalar && isPlainInQuotes(scalar) ? ". Remove the quotes" : "";
        return fail(node, path, "expects " + expected + ", found " + node.kind() + seen + cure);
    }

    /** Whether it is text only because it is quoted: "10", 'true'. */
    private static boolean isPlainInQuotes(ConfigNode.Scalar scalar) {
        ConfigNode.Scalar bare = new ConfigNode.Scalar(scalar.text(), false, scalar.where());
        return scalar.quoted() && (bare.isNumber() || bare.isBoolean());
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "…";
    }

    private Object fail(ConfigNode node, String path, String message) {
        problems.add(node.where(), path, message);
        return FAILED;
    }

    private static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
