package dev.millrace.engine.measure;

import java.util.List;

/** Whether more of a measure is better. */
public enum Direction {
    HIGHER_IS_BETTER,
    LOWER_IS_BETTER;

    private static final List<String> LOSSES =
            List.of("log_loss", "brier", "rmse", "mae", "mse", "error", "loss", "ece", "max_error");

    /** By the measure's name, with or without a prefix such as {@code test_}. */
    public static Direction of(String metric) {
        for (String loss : LOSSES) {
            if (metric.equals(loss) || metric.endsWith("_" + loss)) return LOWER_IS_BETTER;
        }
        return HIGHER_IS_BETTER;
    }

    /** How much better {@code after} is; negative when it is worse. */
    public double gain(double before, double after) {
        return this == HIGHER_IS_BETTER ? after - before : before - after;
    }
}
