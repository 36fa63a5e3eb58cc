package dev.millrace.job.scoring;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What was scored.
 *
 * @param model {@code model:fraud/2}, or the run or folder
 * @param engine onnx or spark
 */
public record ScoreResult(Commit commit, String model, String engine) implements JobResult {
    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.of(commit.rowsWritten());
    }

    @Override
    public List<Commit> commits() {
        return List.of(commit);
    }

    @Override
    public Map<String, Object> details() {
        return Map.of("model", model, "engine", engine);
    }
}
