package dev.millrace.registry.resource.drift;

import java.util.Comparator;

/** Whose rows a request brings. */
record DriftKey(String model, String version, long windowStart) {
    /** 9 before 10: versions are numbers, but nothing holds them to it. */
    static final Comparator<String> BY_VERSION =
            Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder());
}
