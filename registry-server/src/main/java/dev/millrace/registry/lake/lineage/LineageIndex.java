package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.lake.tables.DeltaLog;
import dev.millrace.registry.lake.tables.Lake;
import dev.millrace.registry.lake.tables.Maker;
import dev.millrace.registry.lake.tables.RunRecord;
import dev.millrace.registry.lake.tables.RunRecords;
import dev.millrace.registry.lake.tables.TableName;
import dev.millrace.registry.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the commits of all tables and the records of all runs say of each other at one moment. The rules are those of the
 * jobs' index (decision 0003): a version stands for the commits since the table was last replaced whole; one that changed
 * no row stands for the one before it; the first run that names a model version without having read it made it.
 */
final class LineageIndex {
    private final Map<String, NavigableMap<Long, Change>> contents = new HashMap<>();
    private final Map<String, RunFacts> byId = new LinkedHashMap<>();
    private final Map<String, String> unreadable = new LinkedHashMap<>();
    private final Map<String, List<RunFacts>> users = new HashMap<>();
    private final Map<String, List<RunFacts>> makers = new HashMap<>();
    private final Map<String, NavigableMap<Long, List<RunFacts>>> readers = new HashMap<>();
    private final List<RunFacts> runs;

    LineageIndex(Lake lake, Changes known, RunRecords records) {
        List<TableName> names = lake.names();
        known.keepOnly(names);
        for (TableName name : names) add(name, lake, known);
        records.all().forEach(this::recorded);
        if (records.leftOut() > 0) unreadable.put("_runs", records.leftOut() + " further records were left out");
        runs = byId.values().stream()
                .sorted(Comparator.comparing(RunFacts::at).thenComparing(RunFacts::id))
                .toList();
        runs.forEach(this::index);
    }

    private void add(TableName name, Lake lake, Changes known) {
        try {
            DeltaLog log = lake.log(name);
            NavigableMap<Long, Change> changes = new TreeMap<>();
            known.of(name, log).forEach(change -> changes.put(change.version(), change));
            contents.put(name.toString(), changes);
            for (Change change : changes.values()) {
                change.maker().ifPresent(maker -> committed(maker, change.at(), name + "@" + change.version()));
            }
        } catch (MillraceException refused) {
            unreadable.put(name.toString(), refused.getMessage());
        }
    }

    private void committed(Maker maker, long at, String output) {
        Set<String> inputs = new LinkedHashSet<>(maker.inputs());
        byId.merge(
                maker.runId(),
                new RunFacts(maker.runId(), maker.job(), at, false, inputs, Set.of(output)),
                RunFacts::and);
    }

    private void recorded(RunRecord record) {
        Set<String> inputs = new LinkedHashSet<>(record.inputs());
        Set<String> outputs = new LinkedHashSet<>(record.outputs());
        byId.merge(
                record.runId(),
                new RunFacts(record.runId(), record.job(), record.endedAt(), true, inputs, outputs),
                RunFacts::and);
    }

    private void index(RunFacts run) {
        for (String input : run.inputs()) {
            users.computeIfAbsent(input, ref -> new ArrayList<>()).add(run);
            At.parse(input).ifPresent(at -> readers.computeIfAbsent(at.table(), table -> new TreeMap<>())
                    .computeIfAbsent(at.version(), version -> new ArrayList<>())
                    .add(run));
        }
        for (String output : run.outputs()) {
            if (!run.inputs().contains(output)) {
                makers.computeIfAbsent(output, ref -> new ArrayList<>()).add(run);
            }
        }
    }

    /** Tables whose log cannot be read, each with the reason: what goes through them alone is missing here. */
    Map<String, String> unreadable() {
        return Collections.unmodifiableMap(unreadable);
    }

    Optional<RunFacts> run(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Runs whose id begins so, at most {@code most}. */
    List<RunFacts> runsBeginning(String beginning, int most) {
        return runs.stream()
                .filter(run -> run.id().startsWith(beginning))
                .limit(most)
                .toList();
    }

    /** The commits whose rows version {@code at} holds: from the last replacement of the whole table on, newest first. */
    List<Change> contributors(At at) {
        List<Change> newestFirst = new ArrayList<>();
        for (Change change : upTo(at).descendingMap().values()) {
            newestFirst.add(change);
            if (change.replacesAll()) break;
        }
        return newestFirst;
    }

    private NavigableMap<Long, Change> upTo(At at) {
        return contents.getOrDefault(at.table(), new TreeMap<>()).headMap(at.version(), true);
    }

    /** The version that last changed rows: {@code raw.x@7} means {@code @5} when 6 and 7 only rewrote files. */
    At settled(At at) {
        NavigableMap<Long, Change> before = upTo(at);
        return before.isEmpty() ? at : new At(at.table(), before.lastKey());
    }

    /** Runs that read {@code at}, or a later version that still holds rows of it, by time. */
    List<RunFacts> readers(At at) {
        if (upTo(at).isEmpty()) return List.of();
        long first = settled(at).version();
        long end = contents.get(at.table()).tailMap(first, false).values().stream()
                .filter(Change::replacesAll)
                .findFirst()
                .map(Change::version)
                .orElse(Long.MAX_VALUE);
        String itself = settled(at).toString();
        return readers.getOrDefault(at.table(), new TreeMap<>()).subMap(first, true, end, false).values().stream()
                .flatMap(List::stream)
                .distinct()
                .filter(run -> !run.outputs().contains(itself))
                .sorted(Comparator.comparing(RunFacts::at).thenComparing(RunFacts::id))
                .toList();
    }

    /** Runs with {@code ref} among their inputs, by time. */
    List<RunFacts> users(String ref) {
        return users.getOrDefault(ref, List.of());
    }

    /** The run that made a model version: the first that names it as its own without having read it. */
    Optional<RunFacts> maker(String model) {
        return makers.getOrDefault(model, List.of()).stream().findFirst();
    }

    /** Whether any run made or read it. */
    boolean knows(String ref) {
        return users.containsKey(ref) || makers.containsKey(ref);
    }
}
