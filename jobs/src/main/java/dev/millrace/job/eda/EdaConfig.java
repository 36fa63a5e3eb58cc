package dev.millrace.job.eda;

import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import java.util.List;

/**
 * What to look at.
 *
 * @param columns empty = all
 * @param slices columns whose values are also profiled separately as well
 * @param sample number of rows in the sample; equal for equal seeds, whatever the partitions
 */
public record EdaConfig(
        @Doc("table to profile") TableRef table,
        @Doc("columns to profile; default all") List<String> columns,
        @Doc("columns whose values are also profiled separately") List<String> slices,
        @Doc("number of rows in the sample") @Default("16384") @Min(0) @Max(65_536) int sample,
        @Doc("Pearson correlations of numeric columns") @Default("on") Switch correlations,
        @Doc("write an HTML report") @Default("on") Switch report,
        @Doc("table for the sketches") @Default("monitoring.profiles") OutputRef output,
        @Doc("table for the statistics") @Default("monitoring.profile_metrics") OutputRef metrics) {

    /** On or off. */
    public enum Switch {
        ON,
        OFF
    }

    public EdaConfig {
        columns = List.copyOf(columns);
        slices = List.copyOf(slices);
        if (output.name().equals(metrics.name())) {
            throw new IllegalArgumentException("`output` and `metrics` are the same table, " + output.name());
        }
    }
}
