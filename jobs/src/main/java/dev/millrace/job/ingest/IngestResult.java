package dev.millrace.job.ingest;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a run did, in one batch or several. {@code records = landed + quarantined}.
 *
 * @param files taken
 * @param setAside files of them that could not be read
 * @param records in the files that could be read
 * @param batches committed or recorded as empty
 * @param batch number of the last one; 0 when there was nothing to do
 * @param timesResolved times that the clocks skip or show twice, decided by {@code on-clock-change}
 * @param timesTruncated times cut to the microsecond by {@code on-finer-time}
 */
public record IngestResult(
        long files,
        long setAside,
        long records,
        long landed,
        long quarantined,
        long batches,
        long batch,
        long timesResolved,
        long timesTruncated,
        List<Commit> commits)
        implements JobResult {
    public IngestResult {
        commits = List.copyOf(commits);
    }

    static IngestResult nothing() {
        return new IngestResult(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
    }

    /** A batch of files without a single record. */
    static IngestResult empty(long files, long batch) {
        return new IngestResult(files, 0, 0, 0, 0, 1, batch, 0, 0, List.of());
    }

    /** This run's work with that of its next batch. */
    IngestResult and(IngestResult next) {
        List<Commit> all = new ArrayList<>(commits);
        all.addAll(next.commits);
        return new IngestResult(
                files + next.files,
                setAside + next.setAside,
                records + next.records,
                landed + next.landed,
                quarantined + next.quarantined,
                batches + next.batches,
                next.batch,
                timesResolved + next.timesResolved,
                timesTruncated + next.timesTruncated,
                all);
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
        details.put("batches", batches);
        details.put("batch", batch);
        details.put("times_resolved", timesResolved);
        details.put("times_truncated", timesTruncated);
        return details;
    }
}
