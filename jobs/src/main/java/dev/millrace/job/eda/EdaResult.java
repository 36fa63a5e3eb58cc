package dev.millrace.job.eda;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What was profiled.
 *
 * @param alerts by column and kind, most urgent first
 */
public record EdaResult(List<Commit> commits, long rows, int columns, List<String> alerts) implements JobResult {
    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.of(rows);
    }

    @Override
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("columns", columns);
        details.put("alerts", alerts.size());
        return details;
    }
}
