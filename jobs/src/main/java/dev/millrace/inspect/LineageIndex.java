package dev.millrace.inspect;

import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.RunRecord;
import dev.millrace.platform.table.CommitMetadata;
import dev.millrace.platform.table.DeltaHistory;
import dev.millrace.platform.table.TableName;
import dev.millrace.platform.table.Tables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the commits of all tables and the records of all runs say of each other, read once. Cost: every log file of the
 * lake and every run record; memory grows with commits and runs, not with rows.
 */
final class LineageIndex {
    private static final Pattern VERSION = Pattern.compile("(.+)@([0-9]{1,18})");

    private final Map<String, List<DeltaHistory.Entry>> contents = new LinkedHashMap<>();
    private final Map<String, RunFacts> runs = new LinkedHashMap<>();
    private final Map<String, String> unreadable = new LinkedHashMap<>();

    /**
     * One run, as far as it left traces.
     *
     * @param at when it ended, or when it last committed
     * @param finished whether it left its record; one that did not was killed or failed after a commit
     */
    record RunFacts(String id, String job, Instant at, boolean finished, Set<String> inputs, Set<String> outputs) {
        String ref() {
            return "run:" + id;
        }
    }

    /** A table at a version, taken from {@code raw.x@3}. */
    record At(String table, long version) {
        static Optional<At> parse(String ref) {
            Matcher matcher = VERSION.matcher(ref);
            return matcher.matches()
                    ? Optional.of(new At(matcher.group(1), Long.parseLong(matcher.group(2))))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return table + "@" + version;
        }
    }

    LineageIndex(Tables tables, List<RunRecord> records) {
        for (TableName name : tables.lake().names()) {
            List<DeltaHistory.Entry> changes;
            try {
                changes = new ArrayList<>(tables.history(name).stream()
                        .flatMap(history -> history.newestFirst())
                        .filter(DeltaHistory.Entry::dataChange)
                        .toList());
            } catch (MillraceException refused) {
                unreadable.put(name.toString(), refused.getMessage());
                continue;
            }
            Collections.reverse(changes);
            contents.put(name.toString(), changes);
            for (DeltaHistory.Entry change : changes) {
                change.millrace()
                        .ifPresent(maker -> committed(maker, change.at(), new At(name.toString(), change.version())));
            }
        }
        records.forEach(this::recorded);
    }

    private void committed(CommitMetadata maker, Instant at, At output) {
        RunFacts before = runs.get(maker.runId());
        Set<String> inputs = new LinkedHashSet<>(maker.inputs());
        Set<String> outputs = new LinkedHashSet<>();
        if (before != null) {
            inputs.addAll(before.inputs());
            outputs.addAll(before.outputs());
        }
        outputs.add(output.toString());
        Instant latest = before == null || before.at().isBefore(at) ? at : before.at();
        runs.put(maker.runId(), new RunFacts(maker.runId(), maker.job(), latest, false, inputs, outputs));
    }

    private void recorded(RunRecord record) {
        RunFacts before = runs.get(record.runId());
        Set<String> inputs = new LinkedHashSet<>(record.inputs());
        Set<String> outputs = new LinkedHashSet<>(record.outputs());
        if (before != null) {
            inputs.addAll(before.inputs());
            outputs.addAll(before.outputs());
        }
        Instant ended = Instant.ofEpochMilli(record.endedAtMillis());
        runs.put(record.runId(), new RunFacts(record.runId(), record.job(), ended, true, inputs, outputs));
    }

    /** Tables whose log cannot be read, each with the reason: what goes through them alone is missing here. */
    Map<String, String> unreadable() {
        return Collections.unmodifiableMap(unreadable);
    }

    Optional<RunFacts> run(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    List<RunFacts> runs() {
        return runs.values().stream()
                .sorted(Comparator.comparing(RunFacts::at).thenComparing(RunFacts::id))
                .toList();
    }

    /** The commits whose rows version {@code at} holds: from the last replacement of the whole table on, newest first. */
    List<DeltaHistory.Entry> contributors(At at) {
        List<DeltaHistory.Entry> newestFirst = new ArrayList<>();
        for (DeltaHistory.Entry change : contents.getOrDefault(at.table(), List.of())) {
            if (change.version() > at.version()) break;
            if (change.replacesAll()) newestFirst.clear();
            newestFirst.add(0, change);
        }
        return newestFirst;
    }

    /** The version that last changed rows: {@code raw.x@7} means {@code @5} when 6 and 7 only rewrote files. */
    At settled(At at) {
        List<DeltaHistory.Entry> contributors = contributors(at);
        return contributors.isEmpty()
                ? at
                : new At(at.table(), contributors.get(0).version());
    }

    /** Runs that read {@code at}, or a later version that still holds rows of it, by time. */
    List<RunFacts> readers(At at) {
        long version = settled(at).version();
        Map<At, Boolean> holds = new HashMap<>();
        return runs().stream()
                .filter(run -> !run.outputs().contains(settled(at).toString()))
                .filter(run -> run.inputs().stream()
                        .flatMap(input -> At.parse(input).stream())
                        .filter(input -> input.table().equals(at.table()))
                        .anyMatch(input -> holds.computeIfAbsent(input, read -> contributors(read).stream()
                                .anyMatch(change -> change.version() == version))))
                .toList();
    }

    /** Runs with {@code ref} among their inputs, by time. */
    List<RunFacts> users(String ref) {
        return runs().stream().filter(run -> run.inputs().contains(ref)).toList();
    }

    /** The run that made a model version: the first that names it as its own without having read it. */
    Optional<RunFacts> maker(String model) {
        return runs().stream()
                .filter(run -> run.outputs().contains(model) && !run.inputs().contains(model))
                .findFirst();
    }

    /** Every model version that is named anywhere. */
    Set<String> models() {
        Set<String> models = new LinkedHashSet<>();
        for (RunFacts run : runs()) {
            run.inputs().stream().filter(input -> input.startsWith("model:")).forEach(models::add);
            run.outputs().stream().filter(output -> output.startsWith("model:")).forEach(models::add);
        }
        return models;
    }
}
