package dev.millrace.engine.feature;

import dev.millrace.engine.window.Boundary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What holds for the features of a section unless a feature says otherwise.
 *
 * @param createdColumn when a row of the source became known
 * @param whenEmpty value where a window gives none
 */
public record WindowDefaults(
        List<WindowLength> windows,
        Boundary boundary,
        Duration delay,
        Optional<String> createdColumn,
        Optional<Double> whenEmpty) {}
