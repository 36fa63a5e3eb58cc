package dev.millrace.engine.drift;

import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;

/**
 * When a change counts as drift: it must be significant, large, and seen in enough rows.
 *
 * @param watch share of a threshold from which a significant change is worth watching
 */
public record Thresholds(
        @Doc("Kolmogorov–Smirnov statistic of numeric columns") @Default("0.1") @Min(0) @Max(1) double ks,
        @Doc("population stability index") @Default("0.2") @Min(0) @Max(100) double psi,
        @Doc("total variation distance of string columns") @Default("0.1") @Min(0) @Max(1) double tv,
        @Doc("maximum p-value, adjusted by Benjamini–Hochberg") @Default("0.05") @Min(0) @Max(1) double significance,
        @Doc("minimum number of rows on each side; otherwise not_enough_data") @Default("500") @Min(1) long minRows,
        @Doc("share of a threshold from which a significant change is `watch`") @Default("0.5") @Min(0) @Max(1)
                double watch) {}
