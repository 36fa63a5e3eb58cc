package dev.millrace.registry.lake.features;

import java.util.List;
import java.util.Optional;

/**
 * A feature as its table describes it.
 *
 * @param version of the table
 * @param description for people
 * @param aggregation as in "mean of amount"; absent when the description does not have the form the jobs write
 * @param window as in 30d; absent likewise
 * @param entity columns whose value a feature belongs to
 * @param time the column that says when it holds
 * @param source the table it was computed from
 * @param expression SQL over the finished row, for features made so
 * @param usedBy model versions that take it, the newest first
 * @param drift of the newest window of each model that takes it
 */
record Feature(
        String name,
        String table,
        long version,
        String type,
        String description,
        Optional<String> aggregation,
        Optional<String> window,
        List<String> entity,
        Optional<String> time,
        Optional<String> source,
        Optional<String> owner,
        List<String> tags,
        Optional<String> expression,
        List<Use> usedBy,
        List<Drift> drift) {

    /** A version that takes a feature. */
    record Use(String model, int version, List<String> aliases) {}

    /**
     * How a column stands in the newest window in which its model was measured.
     *
     * @param windowStart epoch milliseconds
     * @param psi population stability index, where measured
     */
    record Drift(String model, String version, long windowStart, String verdict, Optional<Double> psi) {}
}
