package dev.millrace.flow.pipeline;

import dev.millrace.platform.error.ErrorKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a pipeline went.
 *
 * @param steps one each, in order
 * @param runId the pipeline's run; absent when no step had anything to do
 * @param runUrl its page
 */
public record PipelineOutcome(
        List<StepOutcome> steps, Optional<String> runId, Optional<String> runUrl, double seconds) {
    public PipelineOutcome {
        steps = List.copyOf(steps);
    }

    /** What the first failed step failed by. */
    public Optional<ErrorKind> errorKind() {
        return steps.stream().flatMap(step -> step.errorKind().stream()).findFirst();
    }

    /** done, up-to-date (no step had anything to do) or failed. */
    public String status() {
        if (errorKind().isPresent()) return "failed";
        return steps.stream().allMatch(step -> step.status().equals("up-to-date")) ? "up-to-date" : "done";
    }

    /** As one JSON object. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", "pipeline");
        json.put("status", status());
        json.put("run_id", runId.orElse(null));
        json.put("run_url", runUrl.orElse(null));
        json.put("seconds", seconds);
        json.put("steps", steps.stream().map(StepOutcome::toJson).toList());
        return json;
    }
}
