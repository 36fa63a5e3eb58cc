package dev.millrace.job.training;

import dev.millrace.engine.learn.Algorithm;
import dev.millrace.engine.learn.Params;
import dev.millrace.engine.learn.Task;
import dev.millrace.engine.split.Split;
import dev.millrace.engine.training.Features;
import dev.millrace.engine.training.Privacy;
import dev.millrace.engine.training.TrainingDeclaration;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.table.TableRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One model to train.
 *
 * @param positiveClass the class whose probability is `probability`; known without saying for 0/1 and booleans
 * @param params of the algorithm, MLlib's names in kebab-case
 * @param partitions how many parts the training rows are in; the fit depends on it, so it is fixed
 * @param labels where labels are and when they arrived; empty: in the table itself, known at once
 * @param timeColumn moment of a row
 * @param keys columns that identify a row; with them the split is written to a table
 * @param slices the training profile counts the rows of each value of these columns apart, as a baseline
 */
public record TrainConfig(
        @Doc("table with the features and the label") TableRef table,
        @Doc("column to predict") String label,
        @Doc("class whose probability is `probability`") Optional<Object> positiveClass,
        @Doc("classification or regression") @Default("classification") Task task,
        @Doc("`auto`, or the input columns of the model") @Default("auto") Features features,
        @Doc("algorithm to fit") Algorithm algorithm,
        @Doc("hyperparameters of the algorithm") Map<String, Object> params,
        @Doc("balanced: all classes have the same total weight") @Default("none") ClassWeights classWeights,
        @Doc("training and test rows") Split split,
        @Doc("partitions of the training rows") @Default("8") @Min(1) @Max(10_000) int partitions,
        @Doc("categories per column, the most frequent ones") @Default("100") @Min(1) @Max(10_000) int maxCategories,
        @Doc("write model.onnx") @Default("on") Switch onnx,
        @Doc("log the model, or only its metrics") @Default("on") Switch logModel,
        @Doc("columns that examples and the training profile do not show") @Default("{}") Privacy privacy,
        @Doc("columns by whose values `monitor` can slice") List<String> slices,
        @Doc("where labels are and when they arrived; default: in the column `label`, known immediately")
                Optional<LabelSource> labels,
        @Doc("time of a row, for `labels`; default: the column of a split by time") Optional<String> timeColumn,
        @Doc("columns that identify a row in the split table; default: those of `labels` or of the split")
                List<String> keys)
        implements TrainingDeclaration {

    /** On or off. */
    public enum Switch {
        ON,
        OFF
    }

    /** How rows of different classes count. */
    public enum ClassWeights {
        NONE,
        BALANCED
    }

    public TrainConfig {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        if (!algorithm.learner().tasks().contains(task)) {
            throw new IllegalArgumentException("`algorithm: " + algorithm.text() + "` does not support "
                    + task.name().toLowerCase(java.util.Locale.ROOT) + "; use " + others(task));
        }
        Params.of(algorithm, params);
        slices = List.copyOf(slices);
        keys = List.copyOf(keys);
        for (String slice : slices) {
            if (privacy.exclude().contains(slice) || privacy.hash().contains(slice)) {
                throw new IllegalArgumentException(
                        "`slices` would show `" + slice + "`, which `privacy` hides; remove it from `slices`");
            }
        }
        labels.ifPresent(TrainConfig::requireUsable);
        if (split instanceof Split.ByTime by
                && by.labelCut().isPresent()
                && by.labelCut().get() == Split.LabelCut.KNOWN_AT_CUT
                && labels.filter(LabelSource::isTimed).isEmpty()) {
            throw new IllegalArgumentException(
                    "`label-cut: known-at-cut` requires `labels` with `created-column`, `delay`"
                            + " or `missing-as`, which specify when a label is known");
        }
        if (features.numeric().contains(label) || features.categorical().contains(label)) {
            throw new IllegalArgumentException("`label` (" + label + ") is also a feature");
        }
        if (task == Task.REGRESSION && positiveClass.isPresent()) {
            throw new IllegalArgumentException("`positive-class` is only valid for classification; remove it");
        }
        if (task == Task.REGRESSION && classWeights == ClassWeights.BALANCED) {
            throw new IllegalArgumentException("`class-weights: balanced` is only valid for classification; remove it");
        }
        if (task == Task.REGRESSION && split instanceof Split.Stratified) {
            throw new IllegalArgumentException("`split: {by: stratified}` requires classes; use hash, time or group");
        }
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

    @Override
    public boolean writesOnnx() {
        return onnx == Switch.ON;
    }

    @Override
    public List<String> identity() {
        if (!keys.isEmpty()) return keys;
        if (labels.isPresent() && !labels.get().keys().isEmpty())
            return labels.get().keys();
        return split.identity();
    }

    /** The same with labels from this source, unless it has its own. */
    public TrainConfig withLabels(Optional<LabelSource> other) {
        if (other.isEmpty() || labels.isPresent()) return this;
        return with(table, params, split, logModel, other);
    }

    private TrainConfig with(
            TableRef newTable,
            Map<String, Object> newParams,
            Split newSplit,
            Switch keep,
            Optional<LabelSource> newLabels) {
        return new TrainConfig(
                newTable,
                label,
                positiveClass,
                task,
                features,
                algorithm,
                newParams,
                classWeights,
                newSplit,
                partitions,
                maxCategories,
                onnx,
                keep,
                privacy,
                slices,
                newLabels,
                timeColumn,
                keys);
    }

    private static String others(Task task) {
        List<String> names = new ArrayList<>();
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.learner().tasks().contains(task)) names.add("`" + algorithm.text() + "`");
        }
        return String.join(", ", names);
    }

    /** The same with other rows. */
    public TrainConfig withSplit(Split other) {
        return with(table, params, other, logModel, labels);
    }

    /** The same with other parameters, and perhaps without keeping the model: what a trial does. */
    public TrainConfig withParams(Map<String, Object> other, Switch keep) {
        Map<String, Object> all = new LinkedHashMap<>(params);
        all.putAll(other);
        return with(table, all, split, keep, labels);
    }

    /** The same on another table or version. */
    public TrainConfig withTable(TableRef other) {
        return with(other, params, split, logModel, labels);
    }
}
