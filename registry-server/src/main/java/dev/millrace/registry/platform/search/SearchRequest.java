package dev.millrace.registry.platform.search;

import java.util.List;
import java.util.Optional;

/**
 * What a client asks of a search.
 *
 * @param maxResults already checked
 * @param scope what else narrows the search (experiments, a key); a page token holds for the same scope only
 */
public record SearchRequest(
        String filter, List<String> orderBy, int maxResults, Optional<String> pageToken, String scope) {
    public SearchRequest {
        orderBy = List.copyOf(orderBy);
    }

    public SearchRequest(String filter, List<String> orderBy, int maxResults, Optional<String> pageToken) {
        this(filter, orderBy, maxResults, pageToken, "");
    }

    /** The first or next page of everything in a scope, in the schema's own order. */
    public static SearchRequest all(String scope, int maxResults, Optional<String> pageToken) {
        return new SearchRequest("", List.of(), maxResults, pageToken, scope);
    }
}
