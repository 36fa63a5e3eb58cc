package dev.millrace.registry.lake.features;

import java.util.Optional;
import java.util.Set;

/** Reads what a model version takes. The owner of files implements it. */
@FunctionalInterface
public interface ModelColumns {
    /**
     * The names of its input columns.
     *
     * @param location where the version's files are
     * @return absent when it has no signature, or its files are not kept here
     */
    Optional<Set<String>> of(String location);
}
