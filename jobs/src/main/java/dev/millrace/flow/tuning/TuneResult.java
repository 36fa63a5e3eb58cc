package dev.millrace.flow.tuning;

import dev.millrace.job.JobResult;
import dev.millrace.job.training.TrainResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a search found.
 *
 * @param trained the best params, trained on all training rows
 * @param validation their score on the validation rows
 * @param reused trials an earlier search had finished
 */
public record TuneResult(TrainResult trained, Map<String, Object> bestParams, double validation, int trials, int reused)
        implements JobResult {
    @Override
    public OptionalLong rowsIn() {
        return trained.rowsIn();
    }

    @Override
    public OptionalLong rowsOut() {
        return trained.rowsOut();
    }

    @Override
    public List<String> produced() {
        return trained.produced();
    }

    @Override
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>(trained.details());
        details.put("trials", trials + " (" + reused + " finished before)");
        details.put("best", bestParams.toString());
        return details;
    }
}
