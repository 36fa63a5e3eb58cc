package dev.millrace.registry.platform.search;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A WHERE clause of conditions that count only when they are asked for, with the values they bind. */
public final class Narrowing {
    private final StringBuilder where;
    private final Map<String, Object> bound = new HashMap<>();

    /** @param condition SQL of ours that always counts */
    public Narrowing(String condition) {
        this.where = new StringBuilder(condition);
    }

    public Narrowing bind(String name, Object value) {
        bound.put(name, value);
        return this;
    }

    /**
     * Equality, where it is asked for.
     *
     * @param column of ours, never from a request
     * @param name under which the value is bound
     */
    public Narrowing and(String column, String name, Optional<String> value) {
        value.ifPresent(asked -> {
            where.append(" AND ").append(column).append(" = :").append(name);
            bound.put(name, asked);
        });
        return this;
    }

    public String where() {
        return where.toString();
    }

    public Map<String, Object> bound() {
        return Map.copyOf(bound);
    }
}
