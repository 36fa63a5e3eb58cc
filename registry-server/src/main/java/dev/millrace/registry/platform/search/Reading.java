package dev.millrace.registry.platform.search;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;

/**
 * How one page is read. The first of these that applies:
 *
 * <ol>
 *   <li>few rows to search: look at each of them;
 *   <li>a condition that few rows meet: begin with those;
 *   <li>order by an indexed metric: walk its index until the page is full, then go on with rows that have no number there;
 *   <li>walk the rows in the order asked for, and look up the conditions.
 * </ol>
 *
 * What is few is counted, up to {@value #FEW}, from indexes. Neither database finds this out by itself: their statistics
 * know nothing of single keys. Cost of a page of 100 of a million runs: 5,000 index entries counted per condition, then
 * some thousand lookups (docs/benchmarks.md).
 */
final class Reading<T> {
    /** Beginning with k of n rows costs k lookups, walking to a page of p about p·n/k: equal at 10,000 for a million. */
    private static final int FEW = 5_000;

    private final Search search;
    private final Handle tx;
    private final Base base;
    private final RowMapper<T> mapper;
    private final List<OrderPart> parts;

    /** What is searched, before filter and order. */
    record Base(String columns, String from, String where, Map<String, ?> bound) {}

    /** An item and its values of the order. */
    record Row<T>(T item, List<Object> order) {}

    Reading(Search search, Handle tx, Base base, RowMapper<T> mapper) {
        this.search = search;
        this.tx = tx;
        this.base = base;
        this.mapper = mapper;
        this.parts = search.ordering().parts();
    }

    /** The first {@code wanted} rows of the page and those after it. */
    List<Row<T>> rows(int wanted) {
        List<Member> members = search.conditions().members();
        boolean choose = !members.isEmpty() || search.ordering().lead().isPresent();
        if (!choose || isFew("SELECT 1 FROM " + base.from() + " WHERE " + base.where())) {
            return plain(Optional.empty(), "", wanted);
        }
        Optional<Member> rare =
                members.stream().filter(member -> isFew(member.owners())).findFirst();
        if (rare.isPresent() || search.ordering().lead().isEmpty()) return plain(rare, "", wanted);
        return walked(search.ordering().lead().get(), wanted);
    }

    private boolean isFew(String rows) {
        return bound("SELECT COUNT(*) FROM (" + rows + " LIMIT " + (FEW + 1) + ") few")
                        .mapTo(Integer.class)
                        .one()
                <= FEW;
    }

    /** @param rare where to begin; CROSS JOIN makes SQLite begin there, too */
    private List<Row<T>> plain(Optional<Member> rare, String also, int wanted) {
        String from =
                rare.map(member -> "(" + member.owners() + ") rare CROSS JOIN ").orElse("") + base.from() + " "
                        + String.join(" ", search.ordering().joins());
        String where = base.where()
                + rare.map(member -> " AND " + member.values().rowId() + " = rare.owner")
                        .orElse("")
                + filter(Optional.empty(), rare)
                + also
                + after(parts, search.afterNames());
        return read(from, where, parts, parts, wanted);
    }

    private List<Row<T>> walked(Ordering.Lead lead, int wanted) {
        String rank = parts.get(0).sql();
        boolean amongNumbers = search.after().isEmpty() || search.after().get(0).equals(0L);
        if (!amongNumbers) return plain(Optional.empty(), " AND " + rank + " > 0", wanted);
        List<OrderPart> keys = new ArrayList<>(parts);
        keys.set(0, new OrderPart("0", false));
        keys.set(1, new OrderPart(lead.alias() + ".value", lead.descending()));
        List<OrderPart> order = keys.subList(1, keys.size());
        List<String> names = search.afterNames();
        List<String> otherJoins =
                search.ordering().joins().subList(1, search.ordering().joins().size());
        String from = lead.values().table() + " " + lead.alias() + " CROSS JOIN " + base.from() + " "
                + String.join(" ", otherJoins);
        String where = lead.alias() + ".key = " + lead.key() + " AND " + lead.alias() + ".is_nan = 0 AND "
                + lead.values().rowId() + " = " + lead.alias() + "."
                + lead.values().owner() + " AND " + base.where()
                + filter(Optional.of(lead), Optional.empty())
                + after(order, names.isEmpty() ? names : names.subList(1, names.size()));
        List<Row<T>> rows = new ArrayList<>(read(from, where, keys, order, wanted));
        if (rows.size() < wanted) rows.addAll(withoutNumber(rank, wanted - rows.size()));
        return rows;
    }

    /** What comes after all numbers, from its beginning. */
    private List<Row<T>> withoutNumber(String rank, int wanted) {
        String from = base.from() + " " + String.join(" ", search.ordering().joins());
        String where = base.where() + filter(Optional.empty(), Optional.empty()) + " AND " + rank + " > 0";
        return read(from, where, parts, parts, wanted);
    }

    /** @param lead conditions on its own key are asked of the row at hand; {@code rare}: is met already */
    private String filter(Optional<Ordering.Lead> lead, Optional<Member> rare) {
        StringBuilder sql = new StringBuilder();
        search.conditions().plain().forEach(condition -> sql.append(" AND ").append(condition));
        for (Member member : search.conditions().members()) {
            if (rare.isPresent() && rare.get().equals(member)) continue;
            boolean atHand = lead.isPresent() && lead.get().identifier().equals(member.identifier());
            sql.append(" AND ").append(atHand ? member.on(lead.get().alias() + ".") : member.exists());
        }
        return sql.toString();
    }

    /** {@code a >= x AND (a > x OR (a = x AND (b < y OR …)))}: the first is for the index, the rest is exact. */
    private static String after(List<OrderPart> order, List<String> names) {
        if (names.isEmpty()) return "";
        OrderPart first = order.get(0);
        return " AND " + first.sql() + (first.descending() ? " <= " : " >= ") + names.get(0) + " AND "
                + beyond(order, names, 0);
    }

    private static String beyond(List<OrderPart> order, List<String> names, int index) {
        OrderPart part = order.get(index);
        String beyond = part.sql() + (part.descending() ? " < " : " > ") + names.get(index);
        if (index == order.size() - 1) return beyond;
        return "(" + beyond + " OR (" + part.sql() + " = " + names.get(index) + " AND "
                + beyond(order, names, index + 1) + "))";
    }

    private List<Row<T>> read(String from, String where, List<OrderPart> keys, List<OrderPart> order, int wanted) {
        String selected = IntStream.range(0, keys.size())
                .mapToObj(i -> ", " + keys.get(i).sql() + " AS page_key_" + i)
                .collect(Collectors.joining());
        String sorted = order.stream()
                .map(part -> part.sql() + (part.descending() ? " DESC" : " ASC"))
                .collect(Collectors.joining(", "));
        return bound("SELECT " + base.columns() + selected + " FROM " + from + " WHERE " + where + " ORDER BY " + sorted
                        + " LIMIT " + wanted)
                .map((row, context) -> new Row<>(mapper.map(row, context), orderValues(row)))
                .list();
    }

    private Query bound(String sql) {
        Query query = tx.createQuery(sql).bindMap(base.bound()).bindMap(search.values());
        query.getConfig(SqlStatements.class).setUnusedBindingAllowed(true); // not every reading uses all
        return query;
    }

    private List<Object> orderValues(ResultSet row) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Object value = row.getObject("page_key_" + i);
            values.add(value instanceof Integer number ? (Object) number.longValue() : value);
        }
        return values;
    }
}
