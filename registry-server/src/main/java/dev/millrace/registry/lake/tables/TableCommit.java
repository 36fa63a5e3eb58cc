package dev.millrace.registry.lake.tables;

import java.util.Map;
import java.util.Optional;

/**
 * One commit of a table.
 *
 * @param at epoch milliseconds; 0 when the writer did not say
 * @param operation WRITE, MERGE, …
 * @param parameters of the operation, as texts
 * @param metrics of the operation, as texts
 * @param rows rows written, where the operation counts them
 * @param dataChange whether it added or removed a file that changed rows
 * @param replacesAll whether it replaced every row
 * @param engine the program that wrote it
 * @param userMetadata as the writer gave it; empty without
 * @param maker the run, when Millrace wrote it
 */
public record TableCommit(
        long version,
        long at,
        String operation,
        Map<String, String> parameters,
        Map<String, String> metrics,
        long rows,
        boolean dataChange,
        boolean replacesAll,
        String engine,
        String userMetadata,
        Optional<Maker> maker) {
    public TableCommit {
        parameters = Map.copyOf(parameters);
        metrics = Map.copyOf(metrics);
    }
}
