package dev.millrace.inspect;

import dev.millrace.inspect.LineageIndex.At;
import dev.millrace.inspect.LineageIndex.RunFacts;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import dev.millrace.platform.run.RunRecords;
import dev.millrace.platform.table.DeltaHistory;
import dev.millrace.platform.table.TableName;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.table.Tables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Walks from anything Millrace made to what it was made from, and to what used it, by the commits of the tables and the
 * records of the runs. The registry is not asked. See docs/decisions/0003.
 */
public final class LineageWalk {
    private static final int MOST_BRANCHES = 20;

    private final Tables tables;
    private final LineageIndex index;

    /** Reads the lake's logs and records once, for any number of walks. */
    public LineageWalk(Tables tables, RunRecords records) {
        this.tables = tables;
        this.index = new LineageIndex(tables, records.all());
    }

    /**
     * @param ref {@code raw.x@3} or {@code raw.x} (the newest version), {@code run:ID} (or its first digits), {@code
     *     model:NAME/VERSION}, or a row of a prediction table: {@code predictions.fraud:transaction_id=123}
     * @throws MillraceException USAGE for another form; NOT_FOUND when there is no such thing
     */
    public Lineage of(String ref) {
        if (ref.startsWith("run:")) return both(run(ref).ref());
        if (ref.startsWith("model:") || ref.startsWith("models:/")) return both(model(ref));
        int colon = ref.indexOf(':');
        int equals = ref.indexOf('=');
        if (colon > 0 && equals > colon) return row(RowKey.parse(ref));
        return both(version(ref).printed());
    }

    private Lineage both(String ref) {
        return new Lineage(ref, note(ref), above(ref), below(ref), index.unreadable());
    }

    private List<LineageNode> above(String ref) {
        return nodes(sources(ref), this::sources, started(ref));
    }

    private List<LineageNode> below(String ref) {
        return nodes(uses(ref), this::uses, started(ref));
    }

    private static Set<String> started(String ref) {
        return new HashSet<>(Set.of(ref));
    }

    private List<LineageNode> nodes(List<String> refs, Function<String, List<String>> next, Set<String> seen) {
        List<LineageNode> nodes = new ArrayList<>();
        for (String ref : refs.subList(0, Math.min(refs.size(), MOST_BRANCHES))) {
            List<String> following = next.apply(ref);
            boolean repeated = !seen.add(ref) && !following.isEmpty();
            nodes.add(new LineageNode(ref, note(ref), repeated ? List.of() : nodes(following, next, seen), repeated));
        }
        int more = refs.size() - MOST_BRANCHES;
        if (more > 0) nodes.add(new LineageNode("… and " + more + " more", "", List.of(), false));
        return nodes;
    }

    /** What {@code ref} was made from. */
    private List<String> sources(String ref) {
        if (ref.startsWith("run:")) {
            return index.run(idOf(ref)).map(run -> List.copyOf(run.inputs())).orElse(List.of());
        }
        if (ref.startsWith("model:")) {
            return index.maker(ref).map(run -> List.of(run.ref())).orElse(List.of());
        }
        Set<String> makers = new LinkedHashSet<>();
        At.parse(ref).ifPresent(at -> index.contributors(at)
                .forEach(change -> makers.add(
                        change.millrace().map(maker -> "run:" + maker.runId()).orElseGet(() -> foreign(at, change)))));
        return List.copyOf(makers);
    }

    private static String foreign(At at, DeltaHistory.Entry change) {
        return "commit " + change.version() + " of " + at.table() + " (" + change.operation() + ", not by Millrace)";
    }

    /** What used {@code ref}, or came of it. */
    private List<String> uses(String ref) {
        Set<String> used = new LinkedHashSet<>();
        if (ref.startsWith("run:")) {
            index.run(idOf(ref)).ifPresent(run -> used.addAll(run.outputs()));
        } else if (!ref.startsWith("model:")) {
            At.parse(ref).ifPresent(at -> index.readers(at).forEach(run -> used.add(run.ref())));
        }
        index.users(ref).forEach(run -> used.add(run.ref()));
        return List.copyOf(used);
    }

    private String note(String ref) {
        if (ref.startsWith("run:")) {
            return index.run(idOf(ref))
                    .map(run -> run.job() + ", " + TableList.toSeconds(run.at())
                            + (run.finished() ? "" : ", did not finish"))
                    .orElse("has no record in this data lake");
        }
        Optional<At> at = ref.startsWith("model:") ? Optional.empty() : At.parse(ref);
        return at.filter(version -> !index.settled(version).equals(version))
                .map(version -> "its rows are those of version "
                        + index.settled(version).version())
                .orElse("");
    }

    private static String idOf(String ref) {
        return ref.substring("run:".length());
    }

    private RunFacts run(String ref) {
        String wanted = idOf(ref);
        Optional<RunFacts> exact = index.run(wanted);
        if (exact.isPresent()) return exact.get();
        List<RunFacts> beginning = wanted.length() < 4
                ? List.of()
                : index.runs().stream()
                        .filter(run -> run.id().startsWith(wanted))
                        .toList();
        if (beginning.size() == 1) return beginning.get(0);
        throw new MillraceException(
                ErrorKind.NOT_FOUND,
                beginning.isEmpty()
                        ? "No run `" + wanted + "` has a commit or a record in the data lake "
                                + tables.lake().root() + ". A run that fails before its first write has none."
                        : "`" + ref + "` matches " + beginning.size() + " run IDs. Specify more characters.");
    }

    private String model(String ref) {
        String model = ref.startsWith("models:/") ? "model:" + ref.substring("models:/".length()) : ref;
        Set<String> known = index.models();
        if (known.contains(model)) return model;
        throw new MillraceException(
                ErrorKind.NOT_FOUND,
                "No run in this data lake created or used `" + model + "`." + Nearest.hint(model, known)
                        + (known.isEmpty() ? "" : " Known: " + String.join(", ", known) + "."));
    }

    private TableVersion version(String ref) {
        Optional<At> at = At.parse(ref);
        String table = at.map(At::table).orElse(ref);
        try {
            TableRef wanted = TableRef.of(TableName.parse(table));
            return tables.open(at.map(version -> wanted.at(version.version())).orElse(wanted));
        } catch (IllegalArgumentException noName) {
            throw new MillraceException(
                    ErrorKind.USAGE,
                    "`" + ref + "` is not a lineage reference. Use schema.table@VERSION, run:ID, model:NAME/VERSION,"
                            + " or schema.table:KEY=VALUE for a prediction.",
                    noName);
        }
    }

    private Lineage row(RowKey key) {
        TableVersion table = version(key.table());
        List<Origin> origins = Origin.of(key, table);
        Set<String> from = new LinkedHashSet<>();
        Set<String> written = new LinkedHashSet<>();
        for (Origin origin : origins) {
            Optional<RunFacts> run = origin.runId().flatMap(index::run);
            if (run.isPresent()) from.add(run.get().ref());
            else from.addAll(origin.named(table));
            run.ifPresent(facts -> facts.outputs().stream()
                    .filter(output -> output.startsWith(key.table() + "@"))
                    .forEach(written::add));
        }
        String ref = key.toString();
        String note = "in " + table.printed() + (written.isEmpty() ? "" : ", written as " + String.join(", ", written));
        Set<String> used = new LinkedHashSet<>();
        written.forEach(version -> used.addAll(uses(version)));
        return new Lineage(
                ref,
                note,
                nodes(List.copyOf(from), this::sources, started(ref)),
                nodes(List.copyOf(used), this::uses, started(ref)),
                index.unreadable());
    }
}
