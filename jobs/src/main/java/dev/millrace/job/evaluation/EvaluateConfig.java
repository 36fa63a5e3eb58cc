package dev.millrace.job.evaluation;

import dev.millrace.engine.evaluation.EvaluationDeclaration;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.tracking.ModelUri;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to judge, and by which truth.
 *
 * @param table rows to score and judge; with `predictions` and without `labels`, the table of labels
 * @param label absent = the one the model was trained on
 * @param labels where labels are and when they arrived; absent: in `table`
 * @param predictions judge these instead of scoring the table
 * @param keys join `predictions` with `table`; the older way to say {@code labels.keys}
 * @param timeColumn moment of a row of `table`; predictions have {@code event_time}
 * @param slices columns whose values are judged apart
 * @param threshold from which probability on a row counts as positive in the confusion matrix
 */
public record EvaluateConfig(
        @Doc("models:/NAME@ALIAS, models:/NAME/VERSION, runs:/RUN/model, or a folder") ModelUri model,
        @Doc("table to score and judge, with the labels or with `labels`") Optional<TableRef> table,
        @Doc("column of the label; default the model's") Optional<String> label,
        @Doc("where labels are and when they arrived; default: in `table`") Optional<LabelSource> labels,
        @Doc("table of predictions to judge; default: score the table") Optional<TableRef> predictions,
        @Doc("columns that join `predictions` with `table`; newer files use `labels`") List<String> keys,
        @Doc("TIMESTAMP or DATE column of `table`: the moment of a row, for `labels`") Optional<String> timeColumn,
        @Doc("columns whose values are judged apart") List<String> slices,
        @Doc("probability from which on a row is positive") @Default("0.5") @Min(0) @Max(1) double threshold)
        implements EvaluationDeclaration {

    public EvaluateConfig {
        keys = List.copyOf(keys);
        slices = List.copyOf(slices);
        if (table.isEmpty() && predictions.isEmpty()) {
            throw new IllegalArgumentException(
                    "names neither `table`, which is scored, nor `predictions`; give one of them");
        }
        if (predictions.isPresent() && labels.isEmpty() && table.isEmpty()) {
            throw new IllegalArgumentException("`predictions` needs `labels`, which say where the truth is");
        }
        if (predictions.isPresent() && labels.isPresent() && table.isPresent()) {
            throw new IllegalArgumentException(
                    "gives `table` beside `predictions` and `labels`; remove `table`, for the predictions are judged");
        }
        if (predictions.isPresent() && labels.isEmpty() && keys.isEmpty()) {
            throw new IllegalArgumentException("`predictions` needs `keys`, which join them with the labels");
        }
        if (!keys.isEmpty() && (predictions.isEmpty() || labels.isPresent())) {
            throw new IllegalArgumentException(
                    "`keys` join `predictions` with `table`; with `labels` give `labels.keys`, and without"
                            + " `predictions` the table itself is scored");
        }
        if (labels.isPresent()) requireUsable(labels.get());
    }

    private static void requireUsable(LabelSource labels) {
        if (!labels.columns().isEmpty()) {
            throw new IllegalArgumentException("`labels.columns` is for `features`; a model has one label");
        }
        if (labels.table().isPresent() && labels.keys().isEmpty()) {
            throw new IllegalArgumentException("`labels.table` needs `labels.keys`, which join it with the rows");
        }
    }

    /** Where the labels are; of the older keys, what they mean. Empty: in the table that is scored. */
    @Override
    public Optional<LabelSource> source() {
        if (labels.isPresent() || predictions.isEmpty()) return labels;
        return Optional.of(new LabelSource(
                table, keys, label, List.of(), Optional.empty(), Duration.ZERO, Optional.empty(), Optional.empty()));
    }
}
