package dev.millrace.job.evaluation;

import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.table.TableRef;
import java.util.List;
import java.util.Optional;

/**
 * What to judge, and by which truth.
 *
 * @param table rows with the label; with `predictions` only the label and the keys are read of them
 * @param label absent = the one the model was trained on
 * @param predictions judge these instead of scoring the table anew
 * @param keys join `predictions` with `table`
 * @param slices columns whose values are judged apart
 * @param threshold from which probability on a row counts as positive in the confusion matrix
 */
public record EvaluateConfig(
        @Doc("models:/NAME@ALIAS, models:/NAME/VERSION, runs:/RUN/model, or a folder") String model,
        @Doc("table with the labels") TableRef table,
        @Doc("column of the label; default the model's") Optional<String> label,
        @Doc("table of predictions to judge; default: score the table") Optional<TableRef> predictions,
        @Doc("columns that join both tables") List<String> keys,
        @Doc("columns whose values are judged apart") List<String> slices,
        @Doc("probability from which on a row is positive") @Default("0.5") @Min(0) @Max(1) double threshold) {

    public EvaluateConfig {
        keys = List.copyOf(keys);
        slices = List.copyOf(slices);
        if (predictions.isPresent() && keys.isEmpty()) {
            throw new IllegalArgumentException("`predictions` needs `keys`, which join them with the labels");
        }
        if (predictions.isEmpty() && !keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "`keys` are for `predictions`; without these the table itself is scored");
        }
    }
}
