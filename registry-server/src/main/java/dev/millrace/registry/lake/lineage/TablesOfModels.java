package dev.millrace.registry.lake.lineage;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Remembers which tables model versions were made from, as long as the lake says nothing new. Bounded; thread-safe. */
final class TablesOfModels {
    private static final int MOST = 1_000;

    private record Known(long changes, Set<String> tables) {}

    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** @param changes {@link Crawl#changes}: what was found before another number is not used again */
    Set<String> of(String model, long changes, Supplier<LineageWalk> walks) {
        Known before = known.get(model);
        if (before != null && before.changes() == changes) return before.tables();
        LineageWalk walk = walks.get();
        Set<String> tables = walk.tablesBehind(model);
        if (walk.askedRegistry()) return tables;
        if (known.size() >= MOST) known.clear();
        known.put(model, new Known(changes, tables));
        return tables;
    }
}
