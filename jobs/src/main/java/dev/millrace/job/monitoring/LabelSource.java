package dev.millrace.job.monitoring;

import dev.millrace.platform.config.Doc;
import dev.millrace.platform.table.TableRef;
import java.util.List;

/**
 * Where the truth stands once it is known.
 *
 * @param keys columns that find a prediction's label, in both tables
 */
public record LabelSource(
        @Doc("table with the labels") TableRef table,
        @Doc("columns that join it with the predictions") List<String> keys,
        @Doc("column of the label") String column) {
    public LabelSource {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) throw new IllegalArgumentException("`keys` must name at least one column");
    }
}
