package dev.millrace.registry.platform.search;

import java.util.LinkedHashMap;
import java.util.Map;

/** Values of a statement under construction. Not thread-safe. */
final class Binds {
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @return what stands for {@code value} in the SQL */
    String add(Object value) {
        String name = "s" + values.size();
        values.put(name, value);
        return ":" + name;
    }

    Map<String, Object> values() {
        return values;
    }
}
