package dev.millrace.engine.learn;

import java.util.Locale;

/** The algorithms there are. A new one is a file with its {@link Learner}, and its constant and line here. */
public enum Algorithm {
    LOGISTIC_REGRESSION,
    LINEAR_REGRESSION,
    RANDOM_FOREST,
    GBT;

    public Learner learner() {
        return switch (this) {
            case LOGISTIC_REGRESSION -> new LogisticRegressionLearner();
            case LINEAR_REGRESSION -> new LinearRegressionLearner();
            case RANDOM_FOREST -> new RandomForest();
            case GBT -> new GradientBoosting();
        };
    }

    /** As in a job file: {@code random-forest}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
