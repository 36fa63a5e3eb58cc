package dev.millrace.job.transform;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What was written.
 *
 * @param commit of the table
 * @param others of its quarantine and of {@code quality.results}
 * @param how whole, interval or changes
 * @param columns how many columns the table has
 * @param quarantined rows of the result that went to quarantine
 */
public record TransformResult(Commit commit, List<Commit> others, String how, int columns, long quarantined)
        implements JobResult {
    public TransformResult {
        others = List.copyOf(others);
    }

    @Override
    public OptionalLong rowsOut() {
        return OptionalLong.of(commit.rowsWritten());
    }

    @Override
    public List<Commit> commits() {
        return Stream.concat(Stream.of(commit), others.stream()).toList();
    }

    @Override
    public Map<String, Object> details() {
        return Map.of("wrote", how, "columns", columns, "quarantined", quarantined);
    }
}
