package dev.millrace.platform.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML value that still knows where it stands. Immutable. */
public sealed interface ConfigNode {
    Where where();

    /** What this is, in words for a message: "text", "number", "list" … */
    String kind();

    /** The plain Java value: String, Long, Double, Boolean, List or Map. */
    Object plain();

    /**
     * A scalar.
     *
     * @param text as written, without quotes
     * @param quoted whether it stood in quotes or in a block; quoted text is never a number or a boolean
     */
    record Scalar(String text, boolean quoted, Where where) implements ConfigNode {
        private static final java.util.regex.Pattern INTEGER = java.util.regex.Pattern.compile("[-+]?[0-9][0-9_]*");
        private static final java.util.regex.Pattern REAL =
                java.util.regex.Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

        boolean isNull() {
            return !quoted && (text.isEmpty() || text.equals("null") || text.equals("~"));
        }

        boolean isBoolean() {
            return !quoted && (text.equals("true") || text.equals("false"));
        }

        boolean isInteger() {
            return !quoted && INTEGER.matcher(text).matches();
        }

        boolean isNumber() {
            return !quoted && (isInteger() || REAL.matcher(text).matches());
        }

        @Override
        public String kind() {
            if (isNull()) return "nothing";
            if (isBoolean()) return "a boolean";
            return isNumber() ? "a number" : "text";
        }

        @Override
        public Object plain() {
            if (isBoolean()) return Boolean.valueOf(text);
            if (isInteger()) {
                try {
                    return Long.valueOf(text.replace("_", ""));
                } catch (NumberFormatException tooLarge) {
                    return Double.valueOf(text.replace("_", ""));
                }
            }
            return isNumber() ? (Object) Double.valueOf(text) : text;
        }
    }

    /** A value that could not be read; why is among the problems already, so nothing more is said of it. */
    record Unknown(Where where) implements ConfigNode {
        @Override
        public String kind() {
            return "nothing";
        }

        @Override
        public Object plain() {
            return "";
        }
    }

    /** A list. */
    record Sequence(List<ConfigNode> items, Where where) implements ConfigNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }

        @Override
        public Object plain() {
            List<Object> values = new ArrayList<>();
            items.forEach(item -> values.add(item.plain()));
            return values;
        }
    }

    /** A mapping; the order of the keys is kept. */
    record Mapping(Map<String, Entry> entries, Where where) implements ConfigNode {
        public Mapping {
            entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        @Override
        public Object plain() {
            Map<String, Object> values = new LinkedHashMap<>();
            entries.forEach((key, entry) -> values.put(key, entry.value().plain()));
            return values;
        }

        /** This mapping with {@code key} set or added. */
        Mapping with(String key, ConfigNode value) {
            Map<String, Entry> changed = new LinkedHashMap<>(entries);
            changed.put(key, new Entry(value.where(), value));
            return new Mapping(changed, where);
        }
    }

    /** A key's own place, and its value. */
    record Entry(Where where, ConfigNode value) {}
}
