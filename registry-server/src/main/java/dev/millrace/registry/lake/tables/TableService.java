package dev.millrace.registry.lake.tables;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the tables of the lake say of themselves. Keeps schemas and sizes of the versions last looked at, which never
 * change, and no rows.
 */
public final class TableService implements AutoCloseable {
    /** Columns that are read when none are named. */
    static final int USUAL_COLUMNS = 100;

    private static final int KEPT = 400;
    private static final Duration FOR_LIST = Duration.ofSeconds(20);
    private static final Duration FOR_ONE = Duration.ofSeconds(30);

    private final Lake lake;
    private final Reads reads = new Reads();
    private final Map<Key, TableState> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, TableState> eldest) {
            return size() > KEPT;
        }
    };

    public TableService(Lake lake) {
        this.lake = lake;
    }

    private record Key(TableName table, long version, DeltaLog.Stamp stamp) {}

    /**
     * Where a table's versions stand.
     *
     * @param oldest with a log file; older ones can be read only where a checkpoint is left
     * @param count of versions with a log file
     */
    public record Versions(long oldest, long newest, long count) {}

    /** Some commits, the newest first. */
    public record History(List<TableCommit> commits, Versions versions, Optional<Long> next) {}

    public Lake lake() {
        return lake;
    }

    /** Every table by name; one that cannot be read is there with the reason. */
    List<TableSummary> list() {
        long until = System.nanoTime() + FOR_LIST.toNanos();
        List<TableSummary> found = new ArrayList<>();
        for (TableName name : lake.names()) {
            long versions = 0;
            try {
                DeltaLog log = lake.log(name);
                versions = log.versions().size();
                found.add(summary(log, name, Duration.ofNanos(until - System.nanoTime())));
            } catch (MillraceException refused) {
                found.add(TableSummary.unreadable(name, versions, refused.getMessage()));
            }
        }
        return found;
    }

    /**
     * Schemas of the newest versions.
     *
     * @param unreadable tables that could not be read, or not in time, each with the reason
     */
    public record States(List<TableState> readable, Map<String, String> unreadable) {}

    /** Every table at its newest version, by name. */
    public States states() {
        long until = System.nanoTime() + FOR_LIST.toNanos();
        List<TableState> readable = new ArrayList<>();
        Map<String, String> unreadable = new LinkedHashMap<>();
        for (TableName name : lake.names()) {
            try {
                DeltaLog log = lake.log(name);
                NavigableMap<Long, DeltaLog.Stamp> versions = versions(log, name);
                Duration left = Duration.ofNanos(Math.max(1, until - System.nanoTime()));
                readable.add(state(log, name, versions.lastKey(), versions, left));
            } catch (MillraceException refused) {
                unreadable.put(
                        name.toString(),
                        refused.kind().isTemporary() ? "not read in time; ask again" : refused.getMessage());
            }
        }
        return new States(readable, unreadable);
    }

    private TableSummary summary(DeltaLog log, TableName name, Duration left) {
        NavigableMap<Long, DeltaLog.Stamp> versions = versions(log, name);
        long newest = versions.lastKey();
        Optional<TableCommit> written = lastChange(log, versions);
        Optional<TableState> state =
                left.isNegative() ? cached(name, newest, versions) : sized(log, name, versions, left);
        return new TableSummary(
                name,
                Optional.of(newest),
                versions.size(),
                state.flatMap(TableState::rows),
                state.map(TableState::files),
                state.map(TableState::bytes),
                written.map(TableCommit::at).filter(at -> at > 0),
                written.flatMap(TableCommit::maker).map(Maker::job),
                written.flatMap(TableCommit::maker).map(Maker::runId),
                Optional.empty());
    }

    /** Absent when there is no time left; the list is worth having without sizes. */
    private Optional<TableState> sized(
            DeltaLog log, TableName name, NavigableMap<Long, DeltaLog.Stamp> versions, Duration left) {
        try {
            return Optional.of(state(log, name, versions.lastKey(), versions, left));
        } catch (MillraceException refused) {
            if (refused.kind().isTemporary()) return Optional.empty();
            throw refused;
        }
    }

    private Optional<TableState> cached(TableName name, long version, NavigableMap<Long, DeltaLog.Stamp> versions) {
        synchronized (known) {
            return Optional.ofNullable(known.get(new Key(name, version, versions.get(version))));
        }
    }

    private static Optional<TableCommit> lastChange(DeltaLog log, NavigableMap<Long, DeltaLog.Stamp> versions) {
        for (long version : versions.descendingKeySet()) {
            TableCommit commit = log.commit(version);
            if (commit.dataChange()) return Optional.of(commit);
        }
        return Optional.empty();
    }

    /** @throws MillraceException NOT_FOUND for an unknown table; INPUT_UNREADABLE when its log is damaged */
    Versions versions(TableName name) {
        return told(versions(lake.log(name), name));
    }

    private static Versions told(NavigableMap<Long, DeltaLog.Stamp> versions) {
        return new Versions(versions.firstKey(), versions.lastKey(), versions.size());
    }

    private static NavigableMap<Long, DeltaLog.Stamp> versions(DeltaLog log, TableName name) {
        NavigableMap<Long, DeltaLog.Stamp> versions = log.versions();
        if (!versions.isEmpty()) return versions;
        throw new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "The table `" + name + "` has no commit: its log is empty. A first write may still be going on, or was"
                        + " killed; running it again makes the table.");
    }

    /**
     * Schema and size.
     *
     * @param version absent: the newest
     * @throws MillraceException NOT_FOUND for an unknown table or version; INPUT_UNREADABLE when it is damaged
     */
    public TableState state(TableName name, Optional<Long> version) {
        DeltaLog log = lake.log(name);
        NavigableMap<Long, DeltaLog.Stamp> versions = versions(log, name);
        return state(log, name, existing(name, version, versions), versions, FOR_ONE);
    }

    private static long existing(TableName name, Optional<Long> version, NavigableMap<Long, DeltaLog.Stamp> versions) {
        long wanted = version.orElse(versions.lastKey());
        if (wanted >= 0 && wanted <= versions.lastKey()) return wanted;
        throw MillraceException.notFound("The table `" + name + "` has no version " + wanted + ": versions "
                + versions.firstKey() + " to " + versions.lastKey() + " are in its log.");
    }

    private TableState state(
            DeltaLog log, TableName name, long version, NavigableMap<Long, DeltaLog.Stamp> versions, Duration limit) {
        Optional<TableState> before = cached(name, version, versions);
        if (before.isPresent()) return before.get();
        TableState state =
                reads.within(limit, "`" + name + "@" + version + "`", () -> reader().state(log, name, version));
        if (versions.containsKey(version)) {
            synchronized (known) {
                known.put(new Key(name, version, versions.get(version)), state);
            }
        }
        return state;
    }

    private KernelReader reader() {
        return new KernelReader(lake.realRoot());
    }

    /**
     * Commits, the newest first.
     *
     * @param below only versions lower than that
     */
    History history(TableName name, Optional<Long> below, int most) {
        DeltaLog log = lake.log(name);
        NavigableMap<Long, DeltaLog.Stamp> versions = versions(log, name);
        List<Long> chosen = versions.headMap(below.orElse(Long.MAX_VALUE), false).descendingKeySet().stream()
                .limit(most + 1L)
                .toList();
        List<TableCommit> commits = chosen.stream().limit(most).map(log::commit).toList();
        Optional<Long> next = chosen.size() > most ? Optional.of(chosen.get(most - 1)) : Optional.empty();
        return new History(commits, told(versions), next);
    }

    /** The commit that made a version, when its log file is there and whole. */
    Optional<TableCommit> commit(TableName name, long version) {
        try {
            return Optional.of(lake.log(name).commit(version));
        } catch (MillraceException gone) {
            return Optional.empty();
        }
    }

    /**
     * First rows.
     *
     * @param columns to read; empty: the first {@value #USUAL_COLUMNS}
     * @throws MillraceException also SCHEMA_MISMATCH for an unknown column; TEMPORARY when it takes too long
     */
    TablePreview preview(TableName name, Optional<Long> version, List<String> columns, int limit) {
        TableState state = state(name, version);
        List<TableState.Field> read = columns.isEmpty()
                ? state.columns().stream().limit(USUAL_COLUMNS).toList()
                : columns.stream().map(column -> field(state, column)).toList();
        DeltaLog log = lake.log(name);
        return reads.within(FOR_ONE, "rows of `" + name + "@" + state.version() + "`", () -> reader().preview(
                        log, name, state.version(), read, limit));
    }

    private static TableState.Field field(TableState state, String column) {
        return state.columns().stream()
                .filter(field -> field.name().equals(column))
                .findFirst()
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.SCHEMA_MISMATCH,
                        "The table `" + state.table() + "@" + state.version() + "` has no column `" + column
                                + "`. It has: "
                                + state.columns().stream()
                                        .map(TableState.Field::name)
                                        .limit(50)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    @Override
    public void close() {
        reads.close();
    }
}
