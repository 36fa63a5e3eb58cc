package dev.millrace.job.features;

import dev.millrace.platform.config.FromText;
import dev.millrace.platform.config.Scalars;
import java.time.Duration;
import java.util.Optional;

/**
 * Which moments a feature table has rows for.
 *
 * @param step of a grid; empty for every event
 */
public record Grain(Optional<Duration> step) {
    @FromText
    public static Grain parse(String text) {
        if (text.equals("event")) return new Grain(Optional.empty());
        try {
            return new Grain(Optional.of(Scalars.duration(text)));
        } catch (IllegalArgumentException neither) {
            throw new IllegalArgumentException("expected `event`, or the step of a grid such as 1d or 6h", neither);
        }
    }

    boolean isEvent() {
        return step.isEmpty();
    }
}
