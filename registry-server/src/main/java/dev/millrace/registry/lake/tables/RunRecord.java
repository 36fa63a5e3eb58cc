package dev.millrace.registry.lake.tables;

import java.util.List;

/**
 * What a finished run left in {@code _runs/<run id>.json} of the lake (decision 0003).
 *
 * @param inputs {@code raw.x@3}, {@code model:fraud/2}, {@code run:ID}
 * @param outputs {@code features.y@1}, {@code model:fraud/2}
 * @param endedAt epoch milliseconds
 */
public record RunRecord(String runId, String job, List<String> inputs, List<String> outputs, long endedAt) {
    public RunRecord {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
