package dev.millrace.job.features;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.List;
import java.util.Map;

/** @param features how many columns were computed */
public record FeaturesResult(Commit commit, int features) implements JobResult {
    @Override
    public List<Commit> commits() {
        return List.of(commit);
    }

    @Override
    public Map<String, Object> details() {
        return Map.of("features", features);
    }
}
