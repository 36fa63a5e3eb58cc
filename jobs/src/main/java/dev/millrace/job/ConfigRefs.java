package dev.millrace.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds values of one type anywhere in a config record. */
final class ConfigRefs {
    private ConfigRefs() {}

    /** Every {@code type} in {@code config}, in declaration order. */
    static <T> List<T> in(Object config, Class<T> type) {
        List<T> found = new ArrayList<>();
        walk(config, type, found);
        return found;
    }

    private static <T> void walk(Object value, Class<T> type, List<T> found) {
        if (type.isInstance(value)) found.add(type.cast(value));
        else if (value instanceof Optional<?> optional) optional.ifPresent(inner -> walk(inner, type, found));
        else if (value instanceof Collection<?> items) items.forEach(item -> walk(item, type, found));
        else if (value instanceof Map<?, ?> map) map.values().forEach(item -> walk(item, type, found));
        else if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                walk(read(record, component), type, found);
            }
        }
    }

    private static Object read(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new LinkageError(component.toString(), impossible);
        }
    }
}
