package dev.millrace.engine.feature;

import dev.millrace.engine.window.Aggregate;
import dev.millrace.engine.window.Boundary;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One aggregate over one or more windows, as the user declares it.
 *
 * @param name of the column; {@code {window}} stands for the window, as in {@code n_{window}}. With several windows and
 *     no {@code {window}}, it is added at the end
 * @param column what is aggregated; none of it and of {@code expression} for counting events
 * @param expression SQL over a row of the source; a condition counts as 1 or 0
 * @param where SQL condition: only such events count
 * @param createdColumn when a row became known; replaces that of the source
 * @param whenEmpty value where the window gives none
 */
public record FeatureDeclaration(
        @Doc("column to write; `{window}` is replaced by the window length") String name,
        @Doc("count, sum, mean, min, max, stddev, count-distinct, last or seconds-since-last") Aggregate aggregate,
        @Doc("column to aggregate") Optional<String> column,
        @Doc("SQL expression to aggregate, instead of a column") Optional<String> expression,
        @Doc("SQL condition on the events that count") Optional<String> where,
        @Doc("window lengths of this feature; default: those of the section") List<WindowLength> windows,
        @Doc("events are known only this long after their time") Optional<Duration> delay,
        @Doc("whether an event at the time of the row counts: inclusive or exclusive") Optional<Boundary> boundary,
        @Doc("TIMESTAMP column: when the row became known") Optional<String> createdColumn,
        @Doc("value of an empty window; default NULL") @Key("default") Optional<Double> whenEmpty,
        @Doc("description of the feature") Optional<String> description) {

    public FeatureDeclaration {
        windows = List.copyOf(windows);
        if (column.isPresent() && expression.isPresent()) {
            throw new IllegalArgumentException(
                    "feature `" + name + "` has `column` and `expression`; remove one of them");
        }
        boolean bare = aggregate == Aggregate.COUNT || aggregate == Aggregate.SECONDS_SINCE_LAST;
        if (!bare && column.isEmpty() && expression.isEmpty()) {
            throw new IllegalArgumentException(
                    "feature `" + name + "` requires `column` or `expression`, the values to aggregate");
        }
    }

    /** What is aggregated, in SQL; empty for the events themselves. */
    Optional<String> operand() {
        return expression.or(() -> column.map(dev.millrace.platform.table.Columns::quoted));
    }

    /** The columns' name for a window, which is written as it was declared. */
    String nameFor(WindowLength window, int of) {
        if (name.contains("{window}")) return name.replace("{window}", window.text());
        return of == 1 ? name : name + "_" + window.text();
    }
}
