package dev.millrace.registry.resource.tracking;

import java.util.List;
import java.util.Optional;

/**
 * Runs by the value of one param, tag or attribute.
 *
 * @param runs how many runs fit, in all groups
 * @param groups the largest first, then by value
 * @param more whether there are further groups
 */
record RunGroups(long runs, List<Group> groups, boolean more) {
    static final RunGroups NONE = new RunGroups(0, List.of(), false);

    RunGroups {
        groups = List.copyOf(groups);
    }

    /**
     * What is asked for.
     *
     * @param by absent: one group
     * @param metrics to be summed up
     * @param most groups
     */
    record Asked(String filter, Optional<String> by, List<String> metrics, int most) {
        Asked {
            metrics = List.copyOf(metrics);
        }
    }

    /** @param value absent: the runs without the param or tag */
    record Group(Optional<String> value, long runs, List<Summary> metrics) {
        Group {
            metrics = List.copyOf(metrics);
        }
    }

    /**
     * The last values of one metric; NaN is left out.
     *
     * @param runs how many have one
     */
    record Summary(String key, long runs, double mean, double min, double max) {}
}
