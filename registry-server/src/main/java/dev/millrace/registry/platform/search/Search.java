package dev.millrace.registry.platform.search;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * A search made ready: filter and order parsed and checked, page token read. Reads one page by the values of the last
 * row of the page before (keyset), so page 1000 costs what page 1 costs. How it reads is {@link Reading}'s.
 */
public final class Search {
    private final Binds binds = new Binds();
    private final Conditions conditions;
    private final Ordering ordering;
    private final SearchRequest request;
    private final int digest;
    private final List<Object> after;
    private final List<String> afterNames = new ArrayList<>();

    private Search(SearchSchema schema, SearchRequest request) {
        this.request = request;
        this.digest = (request.filter() + "\n" + request.orderBy() + "\n" + request.scope()).hashCode();
        this.conditions = new Conditions(schema, binds);
        List<Comparison> comparisons = FilterParser.parse(request.filter());
        for (String flag : schema.hiddenFlags()) {
            if (comparisons.stream().anyMatch(comparison -> comparison.asksFor(flag))) continue;
            comparisons = comparisons.stream()
                    .filter(comparison -> !comparison.isAbout(flag))
                    .toList();
            conditions.without(flag);
        }
        comparisons.forEach(conditions::add);
        this.ordering = Ordering.of(request.orderBy(), schema, binds);
        this.after = request.pageToken()
                .filter(token -> !token.isEmpty())
                .map(this::valuesOf)
                .orElse(List.of());
        after.forEach(value -> afterNames.add(binds.add(value)));
    }

    /** @throws MillraceException USAGE for what the grammar or the schema does not know */
    public static Search of(SearchSchema schema, SearchRequest request) {
        return new Search(schema, request);
    }

    private List<Object> valuesOf(String encoded) {
        PageToken token = PageToken.decoded(encoded);
        if (token.query() != digest || token.after().size() != ordering.parts().size()) {
            throw MillraceException.invalid(
                    "Invalid page token: it belongs to a search with another filter or order. Start at the first page.");
        }
        return token.after();
    }

    /** {@link #rows}, when nothing more belongs to them. */
    public <T> Page<T> page(
            Handle tx, String columns, String from, String where, Map<String, ?> bound, RowMapper<T> mapper) {
        return rows(tx, columns, from, where, bound, mapper).page();
    }

    /**
     * Reads the rows of the page.
     *
     * @param columns SELECT list, without the word
     * @param from FROM and its joins, without the word
     * @param where a condition all rows must meet; its values in {@code bound}
     */
    public <T> Rows<T> rows(
            Handle tx, String columns, String from, String where, Map<String, ?> bound, RowMapper<T> mapper) {
        Reading<T> reading = new Reading<>(this, tx, new Reading.Base(columns, from, where, bound), mapper);
        List<Reading.Row<T>> rows = reading.rows(request.maxResults() + 1);
        List<T> items =
                rows.stream().limit(request.maxResults()).map(Reading.Row::item).toList();
        IntFunction<String> tokenAfter =
                count -> new PageToken(digest, rows.get(count - 1).order()).encoded();
        return new Rows<>(
                items,
                rows.size() > items.size() ? Optional.of(tokenAfter.apply(items.size())) : Optional.empty(),
                tokenAfter);
    }

    Conditions conditions() {
        return conditions;
    }

    Ordering ordering() {
        return ordering;
    }

    Map<String, Object> values() {
        return binds.values();
    }

    /** Sort values of the last row given out, and what stands for them in the SQL; empty on the first page. */
    List<Object> after() {
        return after;
    }

    List<String> afterNames() {
        return afterNames;
    }
}
