package dev.millrace.job.scoring;

import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.tracking.ModelUri;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to score and where to write it.
 *
 * @param keys columns that identify a row; written, and merged by
 * @param timeColumn written as {@code event_time}; intervals are about it
 * @param keep further columns to write
 */
public record ScoreConfig(
        @Doc("models:/NAME@ALIAS, models:/NAME/VERSION, runs:/RUN/model, or a model directory") ModelUri model,
        @Doc("table to score") TableRef input,
        @Doc("table of predictions") OutputRef output,
        @Doc("columns that identify a row") List<String> keys,
        @Doc("TIMESTAMP or DATE column, written as `event_time`") Optional<String> timeColumn,
        @Doc("additional columns to write") List<String> keep,
        @Doc("onnx, spark, or auto: ONNX if the model has it") @Default("auto") Engine engine,
        @Doc("merge rows by `keys`, or replace the whole table") @Default("merge") Write write,
        @Doc("score only rows that have no prediction yet") @Default("false") boolean incremental) {

    /** What runs the model. */
    public enum Engine {
        AUTO,
        ONNX,
        SPARK
    }

    /** How predictions are written when no interval is given. */
    public enum Write {
        MERGE,
        REPLACE
    }

    public ScoreConfig {
        keys = List.copyOf(keys);
        keep = List.copyOf(keep);
        List<String> written = new ArrayList<>(keys);
        written.addAll(keep);
        Set<String> seen = new HashSet<>();
        for (String column : written) {
            if (!seen.add(column))
                throw new IllegalArgumentException("lists `" + column + "` twice in `keys` and `keep`; remove one");
            if (Predictions.COLUMNS.contains(column)) {
                throw new IllegalArgumentException(
                        "`" + column + "` is a column of all prediction tables; rename the input column or remove it");
            }
        }
        if (keys.isEmpty() && write == Write.MERGE) {
            throw new IllegalArgumentException("`write: merge` requires `keys`; list them, or set `write: replace`");
        }
        if (incremental && write == Write.REPLACE) {
            throw new IllegalArgumentException(
                    "`incremental: true` adds to earlier predictions, `write: replace` removes"
                            + " them; remove one of the two keys");
        }
    }
}
