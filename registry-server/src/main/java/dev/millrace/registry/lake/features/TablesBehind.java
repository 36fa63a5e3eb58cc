package dev.millrace.registry.lake.features;

import java.util.List;
import java.util.Set;

/** Knows from which tables model versions were made; lineage implements it. */
@FunctionalInterface
public interface TablesBehind {
    /**
     * @param models {@code model:NAME/VERSION}
     * @return for each the names of tables; empty when nothing is recorded
     */
    List<Set<String>> of(List<String> models);
}
