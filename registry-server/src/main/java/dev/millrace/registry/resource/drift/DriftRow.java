package dev.millrace.registry.resource.drift;

import java.util.Optional;

/**
 * One row of {@code monitoring.drift_metrics}: names and order are the table's. Absent numbers are NULL there, numbers
 * that are not finite are NaN or infinite here.
 *
 * @param window half-open, epoch milliseconds
 * @param sliceKey absent with {@code sliceValue}: the whole table
 * @param driftType BASELINE or CONSECUTIVE
 * @param verdict ok, watch, drift or not_enough_data
 */
record DriftRow(
        Optional<String> tableName,
        Optional<String> tableId,
        Optional<Long> tableVersion,
        Window window,
        String granularity,
        Optional<Long> monitorVersion,
        Optional<String> sliceKey,
        Optional<String> sliceValue,
        String columnName,
        Optional<String> dataType,
        Optional<Window> windowCmp,
        String driftType,
        Optional<Long> countDelta,
        Optional<Double> avgDelta,
        Optional<Double> percentNullDelta,
        Optional<Double> percentZerosDelta,
        Optional<Double> percentDistinctDelta,
        Optional<ColumnsDelta> nonNullColumnsDelta,
        Optional<Double> jsDistance,
        Optional<Test> ksTest,
        Optional<Double> wassersteinDistance,
        Optional<Double> populationStabilityIndex,
        Optional<Test> chiSquaredTest,
        Optional<Double> tvDistance,
        Optional<Double> lInfinityDistance,
        Optional<Long> nReference,
        Optional<Long> nCurrent,
        Optional<Double> adjustedPvalue,
        Optional<Double> effect,
        Optional<Double> errorBound,
        Optional<Double> threshold,
        Optional<String> verdict,
        Optional<String> binning,
        Optional<String> runId,
        Optional<String> modelName,
        Optional<Long> modelVersion,
        Optional<String> effectMeasure) {

    /** A span of time. */
    record Window(Optional<Long> start, Optional<Long> end) {}

    /** A statistic and its p-value. */
    record Test(Optional<Double> statistic, Optional<Double> pvalue) {}

    /** Columns that began or ceased to have values. */
    record ColumnsDelta(Optional<Long> added, Optional<Long> missing) {}
}
