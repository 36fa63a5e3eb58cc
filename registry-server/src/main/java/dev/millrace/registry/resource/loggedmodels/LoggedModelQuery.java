package dev.millrace.registry.resource.loggedmodels;

import java.util.List;
import java.util.Optional;

/**
 * What a search of logged models is asked.
 *
 * @param datasets what metrics must be about; none: anything
 * @param pageToken absent for the first page
 */
record LoggedModelQuery(
        List<Long> experiments,
        String filter,
        List<DatasetFilter> datasets,
        List<OrderBy> order,
        int maxResults,
        Optional<String> pageToken) {
    LoggedModelQuery {
        experiments = List.copyOf(experiments);
        datasets = List.copyOf(datasets);
        order = List.copyOf(order);
    }

    /** A dataset by name, and by digest when it is given. */
    record DatasetFilter(String name, Optional<String> digest) {}

    /**
     * One key to sort by.
     *
     * @param field an attribute, or {@code metrics.} and a key
     * @param dataset of a metric: which of its points count
     * @param digest narrows {@code dataset}
     */
    record OrderBy(String field, boolean ascending, Optional<String> dataset, Optional<String> digest) {}
}
