package dev.millrace.registry.lake.lineage;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * One walk from a start, breadth first, each thing once: against the arrows to what it was made from, along them to what
 * used it. What the lake says goes first; the registry is asked about runs and model versions that left nothing there.
 */
final class LineageWalk {
    /** Neighbours of one thing that are followed. */
    static final int MOST_BRANCHES = 50;

    private final LineageIndex index;
    private final Handle tx;
    private final LineageRepository registry = new LineageRepository();
    private final int depth;
    private final int mostNodes;
    private final Map<String, Visited> visited = new LinkedHashMap<>();
    private final Set<Graph.Edge> edges = new LinkedHashSet<>();
    private final Set<String> cut = new LinkedHashSet<>();
    private boolean askedRegistry;

    LineageWalk(LineageIndex index, Handle tx, int depth, int mostNodes) {
        this.index = index;
        this.tx = tx;
        this.depth = depth;
        this.mostNodes = mostNodes;
    }

    /** How a thing was met. */
    private static final class Visited {
        private boolean made;
        private boolean used;
        private int more;
    }

    /** What a thing leads to, and who says so. */
    private record Next(Collection<String> refs, String source) {
        static final Next NOTHING = new Next(List.of(), "lake");
    }

    Graph from(String start, Direction direction) {
        visited.put(start, new Visited());
        if (direction.isUp()) walk(start, true);
        if (direction.isDown()) walk(start, false);
        List<Graph.Node> nodes = visited.entrySet().stream()
                .map(entry -> node(entry.getKey(), entry.getValue()))
                .toList();
        return new Graph(start, nodes, List.copyOf(edges), List.copyOf(cut), index.unreadable());
    }

    /** Names of the tables that it was made from. */
    Set<String> tablesBehind(String start) {
        visited.put(start, new Visited());
        walk(start, true);
        Set<String> tables = new TreeSet<>();
        visited.keySet().forEach(ref -> At.parse(ref).ifPresent(at -> tables.add(at.table())));
        return tables;
    }

    /** Whether something was only to be known from the registry, whose answer may change without the lake. */
    boolean askedRegistry() {
        return askedRegistry;
    }

    private void walk(String start, boolean up) {
        Map<String, Integer> steps = new LinkedHashMap<>(Map.of(start, 0));
        Deque<String> waiting = new ArrayDeque<>(List.of(start));
        while (!waiting.isEmpty()) {
            String ref = waiting.remove();
            Next next = up ? sources(ref) : uses(ref);
            if (next.refs().isEmpty()) continue;
            if (steps.get(ref) == depth) {
                cut.add("Stopped after " + depth + " steps; `depth` asks for more.");
                continue;
            }
            int followed = 0;
            for (String other : next.refs()) {
                if (followed++ == MOST_BRANCHES) {
                    visited.get(ref).more += next.refs().size() - MOST_BRANCHES;
                    cut.add("Of neighbours of one thing, " + MOST_BRANCHES + " are shown.");
                    break;
                }
                if (!meet(other, up)) continue;
                String from = up ? other : ref;
                String to = up ? ref : other;
                edges.add(new Graph.Edge(from, to, kind(from, to), next.source()));
                if (steps.putIfAbsent(other, steps.get(ref) + 1) == null) waiting.add(other);
            }
        }
    }

    private boolean meet(String ref, boolean up) {
        Visited met = visited.get(ref);
        if (met == null) {
            if (visited.size() >= mostNodes) {
                cut.add("Stopped at " + mostNodes + " things; `max_nodes` asks for more.");
                return false;
            }
            met = new Visited();
            visited.put(ref, met);
        }
        if (up) met.made = true;
        else met.used = true;
        return true;
    }

    private Next sources(String ref) {
        if (ref.startsWith("run:")) return ofRun(ref, true);
        if (ref.startsWith("model:")) {
            Optional<String> maker = index.maker(ref);
            if (maker.isPresent()) return new Next(List.of("run:" + maker.get()), "lake");
            return new Next(registryMaker(ref).map(List::of).orElse(List.of()), "registry");
        }
        Set<String> makers = new LinkedHashSet<>();
        At.parse(ref).ifPresent(at -> index.contributors(at)
                .forEach(change ->
                        makers.add(change.runId().isEmpty() ? foreign(at, change) : "run:" + change.runId())));
        return new Next(makers, "lake");
    }

    /** Of a version that no run of the lake made. */
    private Optional<String> registryMaker(String ref) {
        askedRegistry = true;
        int slash = ref.lastIndexOf('/');
        if (slash < 0 || !ref.substring(slash + 1).matches("[0-9]{1,9}")) return Optional.empty();
        String name = ref.substring("model:".length(), slash);
        int version = Integer.parseInt(ref.substring(slash + 1));
        return registry.runOfModel(tx, name, version)
                .filter(run -> !run.isEmpty())
                .map(run -> "run:" + run);
    }

    private static String foreign(At at, Change change) {
        return "commit " + change.version() + " of " + at.table() + " (" + change.operation() + ", not by Millrace)";
    }

    private Next uses(String ref) {
        if (ref.startsWith("run:")) {
            Next made = ofRun(ref, false);
            Set<String> used = new LinkedHashSet<>(made.refs());
            index.users(ref).forEach(run -> used.add("run:" + run));
            return new Next(used, made.source());
        }
        Set<String> used = new LinkedHashSet<>();
        At.parse(ref).ifPresent(at -> index.readers(at).forEach(run -> used.add("run:" + run)));
        index.users(ref).forEach(run -> used.add("run:" + run));
        return new Next(used, "lake");
    }

    private Next ofRun(String ref, boolean inputs) {
        Optional<RunFacts> left = index.run(idOf(ref));
        Optional<RunFacts> run = left.or(() -> told(ref));
        return run.map(facts ->
                        new Next(inputs ? facts.inputs() : facts.outputs(), left.isPresent() ? "lake" : "registry"))
                .orElse(Next.NOTHING);
    }

    private Optional<RunFacts> told(String ref) {
        askedRegistry = true;
        return registry.facts(tx, idOf(ref));
    }

    private String kind(String from, String to) {
        if (to.startsWith("run:")) {
            if (At.parse(from).isPresent()) return "read";
            boolean scores =
                    index.run(idOf(to)).map(run -> run.job().equals("score")).orElse(false);
            return from.startsWith("model:") && scores ? "scored" : "used";
        }
        return to.startsWith("model:") ? "registered" : "wrote";
    }

    private Graph.Node node(String ref, Visited met) {
        Optional<RunFacts> left = ref.startsWith("run:") ? index.run(idOf(ref)).or(() -> told(ref)) : Optional.empty();
        return new Graph.Node(
                ref,
                kindOf(ref),
                note(ref, left),
                met.made,
                met.used,
                met.more,
                left.map(RunFacts::job),
                left.map(RunFacts::at),
                left.map(RunFacts::finished),
                ref.startsWith("run:") ? registry.run(tx, idOf(ref)) : Optional.empty());
    }

    private String note(String ref, Optional<RunFacts> run) {
        if (ref.startsWith("run:")) return run.isPresent() ? "" : "left no record in this lake";
        return At.parse(ref)
                .filter(at -> !index.settled(at).equals(at))
                .map(at -> "its rows are those of version " + index.settled(at).version())
                .orElse("");
    }

    private static String kindOf(String ref) {
        if (ref.startsWith("run:")) return "run";
        if (ref.startsWith("model:")) return "model";
        if (ref.startsWith("commit ")) return "commit";
        return At.parse(ref).isPresent() ? "table" : "other";
    }

    private static String idOf(String ref) {
        return ref.substring("run:".length());
    }
}
