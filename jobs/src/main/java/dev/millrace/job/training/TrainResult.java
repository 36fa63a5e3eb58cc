package dev.millrace.job.training;

import dev.millrace.job.JobResult;
import dev.millrace.platform.table.Commit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a training run made.
 *
 * @param runId whose artifact {@code model/} the model is
 * @param measures on the test rows, by MLflow key ({@code test_auc})
 * @param printed the same for people, with intervals
 * @param split which rows were used for what, when the rows have keys
 */
public record TrainResult(
        String runId,
        long trainRows,
        long testRows,
        Map<String, Double> measures,
        Map<String, Object> printed,
        boolean modelLogged,
        Optional<Commit> split)
        implements JobResult {
    TrainResult with(Commit written) {
        return new TrainResult(runId, trainRows, testRows, measures, printed, modelLogged, Optional.of(written));
    }

    @Override
    public List<Commit> commits() {
        return split.stream().toList();
    }

    @Override
    public OptionalLong rowsIn() {
        return OptionalLong.of(trainRows + testRows);
    }

    @Override
    public List<String> produced() {
        return modelLogged ? List.of("runs:/" + runId + "/model") : List.of();
    }

    @Override
    public Map<String, Object> details() {
        return new LinkedHashMap<>(printed);
    }
}
