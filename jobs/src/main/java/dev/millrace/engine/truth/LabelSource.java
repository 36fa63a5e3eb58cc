package dev.millrace.engine.truth;

import dev.millrace.platform.config.Alias;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.table.TableRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where labels are and when they became known; one declaration for every job (CONTRACT §6).
 *
 * <p>The label of a key at a moment is the newest that had arrived by then. A correction replaces a label only from its
 * own arrival on. NULL is no label.
 *
 * @param table where the labels are; empty: in the rows themselves
 * @param keys columns that join the labels with the rows, in both tables
 * @param column the label; empty where a job knows it from elsewhere or takes {@code columns}
 * @param columns several facts about the key that arrive together
 * @param createdColumn when a label arrived
 * @param delay without a creation column: a label is known this much after the moment of its row
 * @param missingAs the value of a key without a label; needs {@code after}
 * @param after how long after the moment of its row a key without a label counts as {@code missingAs}
 */
public record LabelSource(
        @Doc("table of labels") Optional<TableRef> table,
        @Doc("columns that join the labels with the rows, in both tables") @Alias("key") List<String> keys,
        @Doc("column of the label") Optional<String> column,
        @Doc("several columns that arrive together; only for features") List<String> columns,
        @Doc("TIMESTAMP column: when a label arrived") Optional<String> createdColumn,
        @Doc("without `created-column`: labels are known this long after the time of their row") @Default("0s")
                Duration delay,
        @Doc("value of a key without a label") Optional<Object> missingAs,
        @Doc("time after which a key without a label counts as `missing-as`") Optional<Duration> after) {
    public LabelSource {
        keys = List.copyOf(keys);
        columns = List.copyOf(columns);
        if (missingAs.isPresent() != after.isPresent()) {
            throw new IllegalArgumentException(
                    "`missing-as` and `after` must be set together: the value of a key without a label, and the time"
                            + " after which it applies");
        }
        if (missingAs.isPresent() && (missingAs.get() instanceof List || missingAs.get() instanceof java.util.Map)) {
            throw new IllegalArgumentException("`missing-as` is " + missingAs.get() + "; set one value");
        }
        if (createdColumn.isPresent() && !delay.isZero()) {
            throw new IllegalArgumentException("`delay` (" + delay
                    + ") has no effect with `created-column`, the time when a label arrived;" + " remove one of them");
        }
    }

    /** Whether it says when labels become known. */
    public boolean isTimed() {
        return createdColumn.isPresent() || !delay.isZero() || missingAs.isPresent();
    }

    /** The columns taken from the table of labels: {@code column} and {@code columns}, each once. */
    public List<String> taken() {
        List<String> taken = new ArrayList<>();
        column.ifPresent(taken::add);
        columns.stream().filter(name -> !taken.contains(name)).forEach(taken::add);
        return taken;
    }
}
