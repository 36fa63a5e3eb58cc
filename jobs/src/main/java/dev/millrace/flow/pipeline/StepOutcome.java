package dev.millrace.flow.pipeline;

import dev.millrace.job.Outcome;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How one step went.
 *
 * @param outcome of a step that ended well
 * @param failure of a step that did not
 * @param waitedFor the failed step because of which this one was not run
 */
public record StepOutcome(
        String name,
        String job,
        Optional<Outcome> outcome,
        Optional<RuntimeException> failure,
        Optional<String> waitedFor) {

    static StepOutcome ended(String name, Outcome outcome) {
        return new StepOutcome(name, outcome.job(), Optional.of(outcome), Optional.empty(), Optional.empty());
    }

    static StepOutcome failed(String name, String job, RuntimeException failure) {
        return new StepOutcome(name, job, Optional.empty(), Optional.of(failure), Optional.empty());
    }

    static StepOutcome skipped(String name, String job, String waitedFor) {
        return new StepOutcome(name, job, Optional.empty(), Optional.empty(), Optional.of(waitedFor));
    }

    /** done, up-to-date, failed or skipped. */
    public String status() {
        if (outcome.isPresent()) return outcome.get().status() == Outcome.Status.DONE ? "done" : "up-to-date";
        return failure.isPresent() ? "failed" : "skipped";
    }

    /** INTERNAL when the failure was not foreseen. */
    public Optional<ErrorKind> errorKind() {
        return failure.map(thrown -> thrown instanceof MillraceException ours ? ours.kind() : ErrorKind.INTERNAL);
    }

    /** As one JSON object. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("step", name);
        json.put("job", job);
        json.put("status", status());
        outcome.ifPresent(ended -> json.putAll(ended.toJson()));
        failure.ifPresent(thrown -> {
            json.put("error", errorKind().orElseThrow().name());
            json.put("message", String.valueOf(thrown.getMessage()));
        });
        waitedFor.ifPresent(step -> json.put("waited_for", step));
        return json;
    }
}
