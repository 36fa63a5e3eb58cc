package dev.millrace.registry.lake.lineage;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One run, as far as it left traces.
 *
 * @param at when it ended, or when it last committed, epoch milliseconds
 * @param finished whether it left its record; one that did not was killed or failed after a commit
 */
record RunFacts(String id, String job, long at, boolean finished, Set<String> inputs, Set<String> outputs) {

    String ref() {
        return "run:" + id;
    }

    /** With what a later trace adds, in the order they were found. */
    RunFacts and(RunFacts later) {
        Set<String> read = new LinkedHashSet<>(inputs);
        read.addAll(later.inputs);
        Set<String> made = new LinkedHashSet<>(outputs);
        made.addAll(later.outputs);
        long ended = later.finished ? later.at : Math.max(at, later.at);
        return new RunFacts(id, later.job, ended, finished || later.finished, read, made);
    }
}
