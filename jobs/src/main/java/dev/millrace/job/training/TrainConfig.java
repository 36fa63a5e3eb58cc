package dev.millrace.job.training;

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
 * @param positiveClass the value of the label that `probability` is about; known without saying for 0/1 and booleans
 * @param params of the algorithm, MLlib's names in kebab-case
 * @param partitions how many parts the training rows are in; the fit depends on it, so it is fixed
 * @param slices the training profile counts the rows of each value of these columns apart, as a baseline
 */
public record TrainConfig(
        @Doc("table with the features and the label") TableRef table,
        @Doc("column to predict") String label,
        @Doc("value of the label that `probability` is about") Optional<Object> positiveClass,
        @Doc("classification or regression") @Default("classification") Task task,
        @Doc("`auto`, or the columns the model sees") @Default("auto") Features features,
        @Doc("what to fit") Algorithm algorithm,
        @Doc("parameters of the algorithm") Map<String, Object> params,
        @Doc("balanced: rare classes weigh as much as common ones") @Default("none") ClassWeights classWeights,
        @Doc("which rows train and which test") Split split,
        @Doc("parts of the training rows") @Default("8") @Min(1) @Max(10_000) int partitions,
        @Doc("categories kept per column, the most frequent") @Default("100") @Min(1) @Max(10_000) int maxCategories,
        @Doc("write model.onnx") @Default("on") Switch onnx,
        @Doc("keep the model, or only its metrics") @Default("on") Switch logModel,
        @Doc("what samples and examples may not show") @Default("{}") Privacy privacy,
        @Doc("columns by whose values monitoring may slice") List<String> slices) {

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
        if (!algorithm.does(task)) {
            throw new IllegalArgumentException("`algorithm: " + algorithm.text() + "` does not do "
                    + task.name().toLowerCase(java.util.Locale.ROOT) + "; take " + others(task));
        }
        LearnerParams.of(algorithm, params);
        slices = List.copyOf(slices);
        for (String slice : slices) {
            if (privacy.exclude().contains(slice) || privacy.hash().contains(slice)) {
                throw new IllegalArgumentException("`slices` would show `" + slice + "`, which `privacy` hides");
            }
        }
        if (features.numeric().contains(label) || features.categorical().contains(label)) {
            throw new IllegalArgumentException("`label` (" + label + ") is also a feature");
        }
        if (task == Task.REGRESSION && positiveClass.isPresent()) {
            throw new IllegalArgumentException("`positive-class` has no meaning in regression");
        }
        if (task == Task.REGRESSION && classWeights == ClassWeights.BALANCED) {
            throw new IllegalArgumentException("`class-weights: balanced` has no meaning in regression");
        }
        if (task == Task.REGRESSION && split instanceof Split.Stratified) {
            throw new IllegalArgumentException("`split: {by: stratified}` needs classes; take hash, time or group");
        }
    }

    private static String others(Task task) {
        List<String> names = new ArrayList<>();
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.does(task)) names.add("`" + algorithm.text() + "`");
        }
        return String.join(", ", names);
    }

    /** The same with other rows: what retraining does. */
    public TrainConfig withSplit(Split other) {
        return new TrainConfig(
                table,
                label,
                positiveClass,
                task,
                features,
                algorithm,
                params,
                classWeights,
                other,
                partitions,
                maxCategories,
                onnx,
                logModel,
                privacy,
                slices);
    }

    /** The same with other parameters, and perhaps without keeping the model: what a trial does. */
    public TrainConfig withParams(Map<String, Object> other, Switch keep) {
        Map<String, Object> all = new LinkedHashMap<>(params);
        all.putAll(other);
        return new TrainConfig(
                table,
                label,
                positiveClass,
                task,
                features,
                algorithm,
                all,
                classWeights,
                split,
                partitions,
                maxCategories,
                onnx,
                keep,
                privacy,
                slices);
    }

    /** The same on another table or version. */
    public TrainConfig withTable(TableRef other) {
        return new TrainConfig(
                other,
                label,
                positiveClass,
                task,
                features,
                algorithm,
                params,
                classWeights,
                split,
                partitions,
                maxCategories,
                onnx,
                logModel,
                privacy,
                slices);
    }
}
