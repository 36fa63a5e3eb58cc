package dev.millrace.flow.tuning;

import dev.millrace.engine.learn.Params;
import dev.millrace.engine.learn.Task;
import dev.millrace.engine.measure.BinaryMeasures;
import dev.millrace.engine.measure.MulticlassMeasures;
import dev.millrace.engine.measure.RegressionMeasures;
import dev.millrace.job.training.TrainConfig;
import dev.millrace.platform.config.Checked;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.error.Nearest;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What is searched.
 *
 * @param train as in a `train` file; its params hold where the search does not change them
 * @param metric a measure of {@code train}, without {@code test_}
 * @param validationShare of the training rows, held out to choose by; the test rows are only for the winner
 */
public record TuneConfig(
        @Doc("the training, as in a `train` file") TrainConfig train,
        @Doc("metric that selects the best trial, e.g. average_precision, auc, rmse") String metric,
        @Doc("parameters to vary") Search search,
        @Doc("trials that run at the same time") @Default("2") @Min(1) @Max(64) int parallel,
        @Doc("share of the training rows held out to compare the trials") @Default("0.25") @Min(0.05) @Max(0.5)
                double validationShare)
        implements Checked {
    public TuneConfig {
        Set<String> known = measures(train.task());
        if (!known.contains(metric)) {
            throw new IllegalArgumentException("`metric` is `" + metric + "`, an unknown metric."
                    + Nearest.hint(metric, known) + " Known: " + String.join(", ", known));
        }
    }

    /** A trial that cannot be bound is a mistake in the file, to be reported before the first hour of trials. */
    @Override
    public void check(Findings findings) {
        boolean fractions = false;
        for (Params.Known parameter : train.algorithm().learner().params()) {
            Search.Values values = search.space().get(parameter.name());
            if (!parameter.whole() || values == null || values.from().isEmpty() || values.whole()) continue;
            fractions = true;
            findings.add("search.space." + parameter.name(), "must contain integers only; add `whole: true`");
        }
        if (fractions) return;
        try {
            for (var point : search.points(0)) train.withParams(point, TrainConfig.Switch.OFF);
        } catch (IllegalArgumentException refused) {
            findings.add("search.space", "has a combination that `train` does not accept: " + refused.getMessage());
        }
    }

    private static Set<String> measures(Task task) {
        if (task == Task.REGRESSION) return new LinkedHashSet<>(RegressionMeasures.NAMES);
        Set<String> names = new LinkedHashSet<>(BinaryMeasures.NAMES);
        names.addAll(MulticlassMeasures.NAMES);
        return names;
    }
}
