package dev.millrace.job.dedup;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What was kept.
 *
 * @param read rows of the input
 * @param kept rows of the output: distinct keys
 * @param ties keys where another row had equal {@code latest-by} values, so that the remaining columns decided
 */
public record DedupResult(Commit commit, long read, long kept, long ties) implements JobResult {
    /** Rows that lost against another of their key. */
    public long dropped() {
        return read - kept;
    }

    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.of(read);
    }

    @Override
    public OptionalLong rowsOut() {
        return OptionalLong.of(kept);
    }

    @Override
    public List<Commit> commits() {
        return List.of(commit);
    }

    @Override
    public Map<String, Object> details() {
        return Map.of("dropped", dropped(), "ties", ties);
    }
}
