package dev.millrace.job.evaluation;

import dev.millrace.job.JobResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What a model is worth on a table. */
public record EvaluateResult(String model, Scores scores) implements JobResult {

    /**
     * @param measures by name
     * @param printed the same for people, with their intervals
     */
    public record Scores(long rows, Map<String, Double> measures, Map<String, Object> printed) {}

    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.of(scores.rows());
    }

    @Override
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("model", model);
        details.putAll(scores.printed());
        return details;
    }
}
