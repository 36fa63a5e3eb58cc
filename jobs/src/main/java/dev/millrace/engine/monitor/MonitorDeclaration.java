package dev.millrace.engine.monitor;

import dev.millrace.engine.drift.Thresholds;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.table.TableRef;
import java.util.List;
import java.util.Optional;

/** What a user declared of monitoring one model. A job's config is one. */
public interface MonitorDeclaration {
    /** The table of predictions. */
    Optional<TableRef> predictions();

    /** Length of a window. */
    Granularity granularity();

    /** The model's columns to look at; empty: all. */
    List<String> columns();

    /** Columns whose values are looked at apart. */
    List<String> slices();

    /** What windows are compared with. */
    Baseline baseline();

    /** When a change is drift. */
    Thresholds thresholds();

    /** Where labels are and when they arrived. */
    Optional<LabelSource> labels();

    /** What a window is compared with. */
    enum Baseline {
        TRAINING,
        PREVIOUS,
        BOTH;

        boolean isTraining() {
            return this != PREVIOUS;
        }

        boolean isPrevious() {
            return this != TRAINING;
        }
    }
}
