package dev.millrace.job.ingest;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one batch did. {@code records = landed + quarantined}.
 *
 * @param files taken
 * @param setAside files of them that could not be read
 * @param records in the files that could be read
 * @param batch its number; 0 when there was nothing to do
 */
public record IngestResult(
        long files, long setAside, long records, long landed, long quarantined, long batch, List<Commit> commits)
        implements JobResult {
    public IngestResult {
        commits = List.copyOf(commits);
    }

    static IngestResult nothing() {
        return new IngestResult(0, 0, 0, 0, 0, 0, List.of());
    }

    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.of(records);
    }

    @Override
    public OptionalLong rowsOut() {
        return OptionalLong.of(landed);
    }

    @Override
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("files", files);
        details.put("quarantined", quarantined);
        details.put("files_set_aside", setAside);
        details.put("batch", batch);
        return details;
    }
}
