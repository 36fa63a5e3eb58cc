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
 * @param slices columns whose values are also evaluated separately
 * @param threshold from which probability on a row counts as positive in the confusion matrix
 */
public record EvaluateConfig(
        @Doc("models:/NAME@ALIAS, models:/NAME/VERSION, runs:/RUN/model, or a model directory") ModelUri model,
        @Doc("table to score and evaluate; has the label unless `labels` is set") Optional<TableRef> table,
        @Doc("column of the label; default: the model's label") Optional<String> label,
        @Doc("where labels are and when they arrived; default: in `table`") Optional<LabelSource> labels,
        @Doc("table of predictions to evaluate; default: score `table`") Optional<TableRef> predictions,
        @Doc("older form: columns that join `predictions` with `table`; use `labels` instead") List<String> keys,
        @Doc("TIMESTAMP or DATE column of `table`: time of a row, for `labels`") Optional<String> timeColumn,
        @Doc("columns whose values are also evaluated separately") List<String> slices,
        @Doc("probability from which a row is predicted as positive") @Default("0.5") @Min(0) @Max(1) double threshold)
        implements EvaluationDeclaration {

    public EvaluateConfig {
        keys = List.copyOf(keys);
        slices = List.copyOf(slices);
        if (table.isEmpty() && predictions.isEmpty()) {
            throw new IllegalArgumentException("has neither `table` nor `predictions`; set one of them");
        }
        if (predictions.isPresent() && labels.isEmpty() && table.isEmpty()) {
            throw new IllegalArgumentException("`predictions` requires `labels`: {table, keys}");
        }
        if (predictions.isPresent() && labels.isPresent() && table.isPresent()) {
            throw new IllegalArgumentException(
                    "sets `table` in addition to `predictions` and `labels`; remove `table`");
        }
        if (predictions.isPresent() && labels.isEmpty() && keys.isEmpty()) {
            throw new IllegalArgumentException("`predictions` requires `keys`, the columns that join it with `table`");
        }
        if (!keys.isEmpty() && (predictions.isEmpty() || labels.isPresent())) {
            throw new IllegalArgumentException(
                    "`keys` join `predictions` with `table`; with `labels`, set `labels.keys`; without"
                            + " `predictions`, remove `keys`");
        }
        if (labels.isPresent()) requireUsable(labels.get());
    }

    private static void requireUsable(LabelSource labels) {
        if (!labels.columns().isEmpty()) {
            throw new IllegalArgumentException("`labels.columns` is only valid for `features`; set `labels.column`");
        }
        if (labels.table().isPresent() && labels.keys().isEmpty()) {
            throw new IllegalArgumentException(
                    "`labels.table` requires `labels.keys`, the columns that join it with the rows");
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
