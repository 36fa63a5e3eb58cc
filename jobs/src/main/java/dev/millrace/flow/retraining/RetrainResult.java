package dev.millrace.flow.retraining;

import dev.millrace.job.JobResult;
import dev.millrace.platform.tracking.ModelVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a retraining ended.
 *
 * @param challenger the version made; empty when nothing was trained
 */
public record RetrainResult(Decision decision, String reason, Optional<ModelVersion> challenger, long rows)
        implements JobResult {

    /** What became of the champion. */
    public enum Decision {
        /** Nothing was trained. */
        NOT_NEEDED,
        /** A challenger was trained and lost. */
        KEPT,
        /** The challenger is the champion now. */
        PROMOTED
    }

    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.of(rows);
    }

    @Override
    public List<String> produced() {
        return challenger.map(ModelVersion::printed).map(List::of).orElse(List.of());
    }

    @Override
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(
                "decision", decision.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
        details.put("reason", reason);
        return details;
    }
}
