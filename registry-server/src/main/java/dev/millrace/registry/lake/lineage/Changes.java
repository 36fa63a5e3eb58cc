package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.lake.tables.DeltaLog;
import dev.millrace.registry.lake.tables.TableCommit;
import dev.millrace.registry.lake.tables.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The commits of tables that changed rows. A log file never changes, so each is read once and a few words of it are kept:
 * the first look at a lake reads every file, later ones only what is new.
 */
final class Changes {
    /** Commits of one table; older ones are left out. */
    static final int MOST = 10_000;

    private record Known(DeltaLog.Stamp stamp, Optional<Change> change) {}

    private final Map<TableName, Map<Long, Known>> known = new HashMap<>();

    /** Ascending; at most the newest {@value #MOST}. */
    synchronized List<Change> of(TableName table, DeltaLog log) {
        NavigableMap<Long, DeltaLog.Stamp> versions = log.versions();
        if (versions.size() > MOST) {
            long first = versions.descendingKeySet().stream()
                    .skip(MOST - 1L)
                    .findFirst()
                    .orElseThrow();
            versions = versions.tailMap(first, true);
        }
        Map<Long, Known> before = known.getOrDefault(table, Map.of());
        Map<Long, Known> now = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<Long, DeltaLog.Stamp> version : versions.entrySet()) {
            Known entry = before.get(version.getKey());
            if (entry == null || !entry.stamp().equals(version.getValue())) {
                entry = new Known(version.getValue(), read(log, version.getKey()));
            }
            now.put(version.getKey(), entry);
            entry.change().ifPresent(changes::add);
        }
        known.put(table, now);
        return changes;
    }

    /** Forgets tables that are gone. */
    synchronized void keepOnly(List<TableName> tables) {
        known.keySet().retainAll(tables);
    }

    private static Optional<Change> read(DeltaLog log, long version) {
        TableCommit commit = log.commit(version);
        if (!commit.dataChange()) return Optional.empty();
        return Optional.of(new Change(version, commit.at(), commit.operation(), commit.replacesAll(), commit.maker()));
    }
}
