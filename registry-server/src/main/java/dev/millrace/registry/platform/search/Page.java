package dev.millrace.registry.platform.search;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Some rows, and where the next ones begin.
 *
 * @param nextPageToken absent on the last page
 */
public record Page<T>(List<T> items, Optional<String> nextPageToken) {
    public Page {
        items = List.copyOf(items);
    }

    /** The same page with other items, one for each. */
    public <R> Page<R> withItems(Function<List<T>, List<R>> change) {
        return new Page<>(change.apply(items), nextPageToken);
    }
}
