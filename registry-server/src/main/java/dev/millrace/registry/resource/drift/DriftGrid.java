package dev.millrace.registry.resource.drift;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * Columns by windows of one series, and what else there is to choose.
 *
 * @param versions that have rows, the newest first; empty, and nothing chosen, for a model without rows
 * @param driftTypes of the chosen version
 * @param slices of the chosen version and type, the whole table first
 * @param windows starts, ascending
 * @param earlier where the windows before these begin; absent when there are none
 * @param later where the windows after these begin
 * @param totalColumns how many there are, of which {@code columns} are the first
 * @param columns the most drifted first
 */
record DriftGrid(
        String model,
        @JsonInclude List<String> versions,
        Optional<String> version,
        @JsonInclude List<String> driftTypes,
        Optional<String> driftType,
        @JsonInclude List<Slice> slices,
        Optional<Slice> slice,
        String measure,
        @JsonInclude List<Long> windows,
        Optional<Long> earlier,
        Optional<Long> later,
        int totalColumns,
        @JsonInclude List<Line> columns) {

    /** Both empty for the whole table. */
    record Slice(String key, String value) {}

    /**
     * One column.
     *
     * @param verdicts by window; null where there is no row
     * @param values of the measure, likewise
     */
    record Line(String column, List<Optional<String>> verdicts, List<Optional<Double>> values) {}
}
