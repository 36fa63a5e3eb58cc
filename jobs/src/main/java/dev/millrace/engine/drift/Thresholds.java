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
        @Doc("Kolmogorov–Smirnov D of a number") @Default("0.1") @Min(0) @Max(1) double ks,
        @Doc("population stability index") @Default("0.2") @Min(0) @Max(100) double psi,
        @Doc("total variation distance of a category") @Default("0.1") @Min(0) @Max(1) double tv,
        @Doc("share of false alarms among the alarms (Benjamini–Hochberg)") @Default("0.05") @Min(0) @Max(1)
                double significance,
        @Doc("fewer rows on either side give no verdict") @Default("500") @Min(1) long minRows,
        @Doc("part of a threshold that is worth watching") @Default("0.5") @Min(0) @Max(1) double watch) {}
