package dev.millrace.engine.feature;

import java.util.List;
import java.util.Optional;

/**
 * Columns of the events that {@link LabelHistory} joined: they arrive after the event, and one may take another's place.
 *
 * @param columns the facts
 * @param arrivalColumn the column of the source of labels that says when they arrived
 */
public record LateFacts(List<String> columns, Optional<String> arrivalColumn) {
    /** Events without such columns. */
    public static final LateFacts NONE = new LateFacts(List.of(), Optional.empty());

    public LateFacts {
        columns = List.copyOf(columns);
    }

    boolean areThere() {
        return !columns.isEmpty();
    }
}
