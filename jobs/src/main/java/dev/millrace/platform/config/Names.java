package dev.millrace.platform.config;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How Java names become YAML names. */
final class Names {
    private Names() {}

    /** {@code labelColumn}, {@code LabelColumn} and {@code LABEL_COLUMN} all give {@code label-column}. */
    static String kebab(String name) {
        if (name.equals(name.toUpperCase(Locale.ROOT)))
            return name.toLowerCase(Locale.ROOT).replace('_', '-');
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    static String of(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        return key == null ? kebab(component.getName()) : key.value();
    }

    /** The key's older name. */
    static Optional<String> aliasOf(RecordComponent component) {
        return Optional.ofNullable(component.getAnnotation(Alias.class)).map(Alias::value);
    }

    static String of(Class<?> variant) {
        Key key = variant.getAnnotation(Key.class);
        return key == null ? kebab(variant.getSimpleName()) : key.value();
    }

    static String of(Enum<?> constant) {
        try {
            Key key = constant.getDeclaringClass().getField(constant.name()).getAnnotation(Key.class);
            return key == null ? kebab(constant.name()) : key.value();
        } catch (NoSuchFieldException impossible) {
            throw new AssertionError(constant.name(), impossible);
        }
    }

    /** The enum's constants by YAML name, in their order. */
    static Map<String, Object> constants(Class<?> type) {
        Map<String, Object> byName = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) byName.put(of((Enum<?>) constant), constant);
        return byName;
    }

    /** The variants of a sealed interface by YAML name, sorted: compilers list them in orders of their own. */
    static Map<String, Class<?>> variants(Class<?> sealed) {
        Map<String, Class<?>> byName = new TreeMap<>();
        for (Class<?> variant : sealed.getPermittedSubclasses()) byName.put(of(variant), variant);
        return byName;
    }
}
