package dev.millrace.job.monitoring;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What monitoring saw.
 *
 * @param rows that were counted
 * @param windows reported
 * @param drifted columns with verdict drift in the newest window
 * @param watched columns with verdict watch there
 * @param summary one sentence about the newest window
 */
public record MonitorResult(
        List<Commit> commits, long rows, int windows, List<String> drifted, List<String> watched, String summary)
        implements JobResult {
    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.of(rows);
    }

    @Override
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("windows", windows);
        details.put("drifted_columns", drifted.size());
        details.put("watched_columns", watched.size());
        details.put("drift", summary);
        return details;
    }
}
