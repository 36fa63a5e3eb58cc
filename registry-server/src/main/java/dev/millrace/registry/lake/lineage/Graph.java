package dev.millrace.registry.lake.lineage;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lineage around one thing. An edge leads from what was there first to what came of it.
 *
 * @param ref what was asked for, completed: {@code raw.x} becomes {@code raw.x@3}
 * @param cut why something is missing; empty when all is there
 * @param unreadable tables that could not be looked into, each with the reason
 */
record Graph(String ref, List<Node> nodes, List<Edge> edges, List<String> cut, Map<String, String> unreadable) {
    /**
     * @param kind table, run, model, commit (by another program) or other
     * @param note what is known besides; empty when nothing is
     * @param made whether it is among what the start was made from
     * @param used whether it is among what used the start
     * @param more how many further neighbours were left out
     */
    record Node(
            String ref,
            String kind,
            String note,
            boolean made,
            boolean used,
            int more,
            Optional<String> job,
            Optional<Long> at,
            Optional<Boolean> finished,
            Optional<KnownRun> run) {}

    /**
     * @param kind read, wrote, registered, scored, used
     * @param source lake or registry: who says so
     */
    record Edge(String from, String to, String kind, String source) {}
}
