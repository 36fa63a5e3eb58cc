package dev.millrace.job.transform;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.List;
import java.util.Map;

/**
 * @param how whole, interval or changes
 * @param columns how many columns the table has
 */
public record TransformResult(Commit commit, String how, int columns) implements JobResult {
    @Override
    public List<Commit> commits() {
        return List.of(commit);
    }

    @Override
    public Map<String, Object> details() {
        return Map.of("wrote", how, "columns", columns);
    }
}
