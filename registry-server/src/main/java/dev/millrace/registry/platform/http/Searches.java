package dev.millrace.registry.platform.http;

import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.SearchRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/** How searches are asked for and answered in MLflow's API. */
public final class Searches {
    private Searches() {}

    /**
     * @param fallback {@code max_results} when absent
     * @param limit its greatest value
     */
    public static SearchRequest request(Fields request, int fallback, int limit) {
        return new SearchRequest(
                request.text("filter").orElse(""),
                request.texts("order_by"),
                request.maxResults(fallback, limit),
                request.nonEmptyText("page_token"));
    }

    /** {@code {name: [...], next_page_token}}, each left out when empty. */
    public static Map<String, Object> answer(String name, Page<?> page) {
        Map<String, Object> answer = new LinkedHashMap<>();
        if (!page.items().isEmpty()) answer.put(name, page.items());
        page.nextPageToken().ifPresent(token -> answer.put("next_page_token", token));
        return answer;
    }
}
