package dev.millrace.job.features;

import dev.millrace.engine.feature.GridStep;
import dev.millrace.platform.config.FromText;
import java.util.Optional;

/**
 * Which moments a feature table has rows for.
 *
 * @param step of a grid; empty for every event
 */
public record Grain(Optional<GridStep> step) {
    @FromText
    public static Grain parse(String text) {
        if (text.equals("event")) return new Grain(Optional.empty());
        try {
            return new Grain(Optional.of(GridStep.parse(text)));
        } catch (IllegalArgumentException neither) {
            throw new IllegalArgumentException(
                    "expected `event`, or a step such as 1d, 6h, month, quarter or year", neither);
        }
    }

    boolean isEvent() {
        return step.isEmpty();
    }
}
