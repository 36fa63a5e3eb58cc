package dev.millrace.flow.retraining;

import dev.millrace.engine.learn.Task;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.job.training.TrainConfig;
import dev.millrace.platform.config.Checked;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.tracking.ModelUri;
import java.util.List;
import java.util.Optional;

/**
 * When to retrain and what decides.
 *
 * @param train as in a `train` file; its split should hold out the newest rows
 * @param minGain least gain of the challenger
 * @param labels of the training and of the rows that decide
 * @param tolerance how far below {@code minGain} the lower end of the gain's 95 % interval may be
 */
public record RetrainConfig(
        @Doc("name of the registered model") String model,
        @Doc("alias of the version in use") @Default("champion") String alias,
        @Doc("drift: only if monitoring reports drift; always: in every run") @Default("drift") When when,
        @Doc("table with the verdicts of `monitor`") @Default("monitoring.drift_metrics") String driftTable,
        @Doc("number of drifted columns that starts a retraining") @Default("1") @Min(1) int driftColumns,
        @Doc("the challenger's training, as in a `train` file") TrainConfig train,
        @Doc("metric that decides: average_precision, auc or rmse") String metric,
        @Doc("smallest gain over the champion") @Default("0") double minGain,
        @Doc("how far the lower end of the 95 % interval of the gain may be below `min-gain`")
                @Default("0.02")
                @Min(0)
                @Max(1e9)
                double tolerance,
        @Doc("where labels are and when they arrived; default those of `train`") Optional<LabelSource> labels)
        implements Checked {

    /** What starts a retraining. */
    public enum When {
        DRIFT,
        ALWAYS
    }

    public RetrainConfig {
        List<String> known = train.task() == Task.REGRESSION ? List.of("rmse") : List.of("average_precision", "auc");
        if (!known.contains(metric)) {
            throw new IllegalArgumentException("`metric` is `" + metric + "`; expected " + String.join(" or ", known));
        }
        if (train.logModel() == TrainConfig.Switch.OFF) {
            throw new IllegalArgumentException("`train.log-model: off` stores no challenger; remove it");
        }
        TableRef.parse(driftTable);
        if (labels.isPresent() && train.labels().isPresent()) {
            throw new IllegalArgumentException("sets `labels` and `train.labels`; remove one of them");
        }
        train.withLabels(labels); // its checks
    }

    @Override
    public void check(Findings findings) {
        ModelUri.nameProblem(model).ifPresent(problem -> findings.add("model", problem));
    }

    /** The training, with the labels it learns from. */
    TrainConfig training() {
        return train.withLabels(labels);
    }
}
