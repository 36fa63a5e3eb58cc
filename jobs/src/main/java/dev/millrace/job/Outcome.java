package dev.millrace.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How one job went, for the closing table and {@code --json}.
 *
 * @param status done, or up-to-date when the fingerprint had not changed
 * @param runId the run that did the work: an earlier one when up to date
 */
public record Outcome(
        String job,
        Status status,
        String runId,
        Optional<String> runUrl,
        OptionalLong rowsIn,
        OptionalLong rowsOut,
        double seconds,
        List<String> produced,
        Map<String, Object> details) {

    public enum Status {
        DONE,
        UP_TO_DATE
    }

    /** As one JSON object; absent numbers are null. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", job);
        json.put("status", status == Status.DONE ? "done" : "up-to-date");
        json.put("run_id", runId);
        json.put("run_url", runUrl.orElse(null));
        json.put("rows_in", rowsIn.isPresent() ? rowsIn.getAsLong() : null);
        json.put("rows_out", rowsOut.isPresent() ? rowsOut.getAsLong() : null);
        json.put("seconds", seconds);
        json.put("produced", produced);
        json.put("details", details);
        return json;
    }
}
