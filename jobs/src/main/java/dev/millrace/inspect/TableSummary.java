package dev.millrace.inspect;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One table of a lake.
 *
 * @param version the newest, or the newest at the moment asked for; -1 when the table cannot be read
 * @param versions how many versions up to this one still have their log file
 * @param rows absent when a writer did not count them
 * @param writtenAt when its rows last changed
 * @param job the command that changed them; absent when it was not Millrace
 * @param runId the run that changed them
 * @param problem why it cannot be read
 */
public record TableSummary(
        String table,
        long version,
        long versions,
        OptionalLong rows,
        long files,
        long bytes,
        Optional<Instant> writtenAt,
        Optional<String> job,
        Optional<String> runId,
        Optional<String> problem) {

    static TableSummary unreadable(String table, String reason) {
        return new TableSummary(
                table,
                -1,
                0,
                OptionalLong.empty(),
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(reason));
    }

    /** As one JSON object; what is absent is null. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", table);
        json.put("version", problem.isPresent() ? null : version);
        json.put("versions", versions);
        json.put("rows", rows.isPresent() ? rows.getAsLong() : null);
        json.put("files", files);
        json.put("bytes", bytes);
        json.put("written_at", writtenAt.map(Instant::toString).orElse(null));
        json.put("job", job.orElse(null));
        json.put("run_id", runId.orElse(null));
        if (problem.isPresent()) json.put("problem", problem.get());
        return json;
    }
}
