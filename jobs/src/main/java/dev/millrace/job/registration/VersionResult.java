package dev.millrace.job.registration;

import dev.millrace.job.JobResult;
import dev.millrace.platform.tracking.ModelVersion;
import java.util.List;
import java.util.Map;

/** The version that was made or promoted. */
public record VersionResult(ModelVersion version, Map<String, Object> details) implements JobResult {
    public VersionResult {
        details = Map.copyOf(details);
    }

    @Override
    public List<String> produced() {
        return List.of(version.printed());
    }
}
