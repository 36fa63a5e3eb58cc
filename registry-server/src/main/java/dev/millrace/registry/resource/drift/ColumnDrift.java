package dev.millrace.registry.resource.drift;

import java.util.Optional;

/**
 * How a column stands in the newest window in which its model was measured as a whole against its training data.
 *
 * @param windowStart epoch milliseconds
 * @param verdict empty when none was sent
 * @param psi population stability index, where measured and a number
 */
public record ColumnDrift(
        String model, String version, String column, long windowStart, String verdict, Optional<Double> psi) {}
