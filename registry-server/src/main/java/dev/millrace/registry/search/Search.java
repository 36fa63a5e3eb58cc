package dev.millrace.registry.search;

import dev.millrace.registry.error.MillraceException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * A search made ready: filter and order parsed and checked, page token read. Reads one page by the values of the last
 * row of the page before (keyset), so page 1000 costs what page 1 costs.
 */
public final class Search {
    private final Binds binds = new Binds();
    private final List<String> conditions = new ArrayList<>();
    private final Ordering ordering;
    private final SearchRequest request;
    private final int digest;

    private Search(SearchSchema schema, SearchRequest request) {
        this.request = request;
        this.digest = (request.filter() + "\n" + request.orderBy() + "\n" + request.scope()).hashCode();
        Conditions compiled = new Conditions(schema, binds);
        for (Comparison comparison : FilterParser.parse(request.filter())) conditions.add(compiled.of(comparison));
        this.ordering = Ordering.of(request.orderBy(), schema, binds);
        request.pageToken().filter(token -> !token.isEmpty()).ifPresent(this::continueAfter);
    }

    /** @throws MillraceException USAGE for what the grammar or the schema does not know */
    public static Search of(SearchSchema schema, SearchRequest request) {
        return new Search(schema, request);
    }

    private void continueAfter(String encoded) {
        PageToken token = PageToken.decoded(encoded);
        if (token.query() != digest || token.after().size() != ordering.parts().size()) {
            throw MillraceException.invalid(
                    "Invalid page token: it belongs to a search with another filter or order. Start at the first page.");
        }
        conditions.add(after(token.after(), 0));
    }

    /** {@code (a > x OR (a = x AND (b < y OR …)))}. */
    private String after(List<Object> values, int index) {
        OrderPart part = ordering.parts().get(index);
        String bound = binds.add(values.get(index));
        String beyond = part.sql() + (part.descending() ? " < " : " > ") + bound;
        if (index == values.size() - 1) return beyond;
        return "(" + beyond + " OR (" + part.sql() + " = " + bound + " AND " + after(values, index + 1) + "))";
    }

    /**
     * Reads the page.
     *
     * @param columns SELECT list, without the word
     * @param from FROM and its joins, without the word
     * @param where a condition all rows must meet; its values in {@code bound}
     */
    public <T> Page<T> page(
            Handle tx, String columns, String from, String where, Map<String, ?> bound, RowMapper<T> mapper) {
        Query query = tx.createQuery(sql(columns, from, where)).bindMap(bound).bindMap(binds.values());
        List<Row<T>> rows = query.map((row, context) -> new Row<>(mapper.map(row, context), orderValues(row)))
                .list();
        List<T> items = rows.stream().limit(request.maxResults()).map(Row::item).toList();
        if (rows.size() <= request.maxResults()) return new Page<>(items, Optional.empty());
        List<Object> last = rows.get(request.maxResults() - 1).order();
        return new Page<>(items, Optional.of(new PageToken(digest, last).encoded()));
    }

    private String sql(String columns, String from, String where) {
        StringBuilder sql = new StringBuilder("SELECT ").append(columns);
        for (int i = 0; i < ordering.parts().size(); i++) {
            sql.append(", ")
                    .append(ordering.parts().get(i).sql())
                    .append(" AS page_key_")
                    .append(i);
        }
        sql.append(" FROM ").append(from);
        for (String join : ordering.joins()) sql.append(' ').append(join);
        sql.append(" WHERE ").append(where);
        for (String condition : conditions) sql.append(" AND ").append(condition);
        for (int i = 0; i < ordering.parts().size(); i++) {
            OrderPart part = ordering.parts().get(i);
            sql.append(i == 0 ? " ORDER BY " : ", ").append(part.sql()).append(part.descending() ? " DESC" : " ASC");
        }
        return sql.append(" LIMIT ").append(request.maxResults() + 1).toString();
    }

    private List<Object> orderValues(ResultSet row) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < ordering.parts().size(); i++) {
            Object value = row.getObject("page_key_" + i);
            values.add(value instanceof Integer number ? (Object) number.longValue() : value);
        }
        return values;
    }

    private record Row<T>(T item, List<Object> order) {}
}
