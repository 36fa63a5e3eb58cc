package dev.millrace.registry.resource.drift;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A number by which windows are drawn. */
enum Measure {
    PSI("", "population_stability_index"),
    KS("ks_test", "statistic"),
    JS("", "js_distance"),
    TV("", "tv_distance"),
    /** What the verdict was made on. */
    EFFECT("", "effect");

    private final int leaf;

    Measure(String object, String name) {
        this.leaf = Leaves.index(object, name);
    }

    /** Its place in {@link Leaves#ALL}. */
    int leaf() {
        return leaf;
    }

    static Measure named(String word) {
        for (Measure measure : values()) {
            if (measure.word().equals(word)) return measure;
        }
        throw MillraceException.invalid("`measure` must be one of "
                + Arrays.stream(values()).map(Measure::word).collect(Collectors.joining(", ")) + ", not '" + word
                + "'.");
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
