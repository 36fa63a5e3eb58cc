package dev.millrace.job.training;

import java.util.Locale;

/** What can be fitted. */
public enum Algorithm {
    LOGISTIC_REGRESSION,
    LINEAR_REGRESSION,
    RANDOM_FOREST,
    GBT;

    /** As in a job file: {@code random-forest}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isTrees() {
        return this == RANDOM_FOREST || this == GBT;
    }

    boolean does(Task task) {
        return switch (this) {
            case LOGISTIC_REGRESSION -> task == Task.CLASSIFICATION;
            case LINEAR_REGRESSION -> task == Task.REGRESSION;
            case RANDOM_FOREST, GBT -> true;
        };
    }
}
