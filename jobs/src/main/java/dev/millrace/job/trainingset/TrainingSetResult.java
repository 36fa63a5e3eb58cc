package dev.millrace.job.trainingset;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** @param features how many columns were joined or computed */
public record TrainingSetResult(Commit commit, int features) implements JobResult {
    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.empty();
    }

    @Override
    public OptionalLong rowsOut() {
        return OptionalLong.of(commit.rowsWritten());
    }

    @Override
    public List<String> produced() {
        return List.of(commit.printed());
    }

    @Override
    public Map<String, Object> details() {
        return Map.of("features", features);
    }
}
