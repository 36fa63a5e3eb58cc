package dev.millrace.registry.resource.drift;

import java.util.Optional;
import java.util.function.Function;

/**
 * One value of a drift row: a field, or a field of an object in it.
 *
 * @param object the field that holds it; empty for fields of the row itself
 * @param name in JSON
 * @param of reads it; absent stays absent
 */
record Leaf(String object, String name, Kind kind, Function<DriftRow, Optional<?>> of) {
    /** How values are stored; the place in this list is part of the stored form. */
    enum Kind {
        LONG,
        DOUBLE,
        TEXT,
        /** That an object is there, with fields or without. */
        OBJECT
    }

    static Leaf whole(String name, Function<DriftRow, Optional<?>> of) {
        return new Leaf("", name, Kind.LONG, of);
    }

    static Leaf number(String name, Function<DriftRow, Optional<?>> of) {
        return new Leaf("", name, Kind.DOUBLE, of);
    }

    static Leaf text(String name, Function<DriftRow, Optional<?>> of) {
        return new Leaf("", name, Kind.TEXT, of);
    }

    static Leaf object(String name, Function<DriftRow, Optional<?>> of) {
        return new Leaf("", name, Kind.OBJECT, of);
    }
}
