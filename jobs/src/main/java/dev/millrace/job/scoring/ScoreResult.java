package dev.millrace.job.scoring;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was scored.
 *
 * @param commit of the predictions
 * @param quarantine empty when there was nothing to write there or to remove
 * @param quarantined rows without a prediction
 * @param model {@code model:fraud/2}, or the run or folder
 * @param engine onnx or spark
 */
public record ScoreResult(Commit commit, Optional<Commit> quarantine, long quarantined, String model, String engine)
        implements JobResult {
    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.of(commit.rowsWritten() + quarantined);
    }

    @Override
    public OptionalLong rowsOut() {
        return OptionalLong.of(commit.rowsWritten());
    }

    @Override
    public List<Commit> commits() {
        List<Commit> commits = new ArrayList<>(List.of(commit));
        quarantine.ifPresent(commits::add);
        return commits;
    }

    @Override
    public Map<String, Object> details() {
        return Map.of("model", model, "engine", engine, "quarantined", quarantined);
    }
}
