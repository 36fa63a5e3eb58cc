package dev.millrace.registry.platform.search;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;

/**
 * Rows that fit a filter, counted and summed up by one of their attributes, params or tags. Looks at every row that the
 * filter lets through: about a second for 100,000 of them with three metrics.
 */
public final class Grouping {
    private final Binds binds = new Binds();
    private final Conditions conditions;
    private final String value;
    private final String join;

    private Grouping(SearchSchema schema, String filter, Optional<String> by) {
        this.conditions = new Conditions(schema, binds);
        FilterParser.parse(filter).forEach(conditions::add);
        Optional<Identifier> identifier = by.map(FilterParser::orderTerm)
                .map(OrderTerm::identifier)
                .map(found -> requireGroupable(found, schema));
        this.join = identifier.map(found -> joinOf(found, schema)).orElse("");
        this.value = identifier
                .map(found -> join.isEmpty() ? schema.sortable().get(found.key()) : "g.value")
                .orElse("CAST(NULL AS TEXT)");
    }

    /**
     * @param by {@code params.depth}, {@code tags.`a b`}, {@code attributes.status}; absent: all rows are one group
     * @throws MillraceException USAGE for what the grammar or the schema does not know
     */
    public static Grouping of(SearchSchema schema, String filter, Optional<String> by) {
        return new Grouping(schema, filter, by);
    }

    private static Identifier requireGroupable(Identifier found, SearchSchema schema) {
        boolean known =
                switch (found.entity()) {
                    case ATTRIBUTE -> texts(schema).contains(found.key());
                    case PARAMETER, TAG -> schema.keyed().containsKey(found.entity());
                    case METRIC, DATASET -> false;
                };
        if (known) return found;
        throw MillraceException.invalid("Cannot group by " + found.entity().word() + " '" + found.key()
                + "'. Group by a param, a tag, or one of the attributes '"
                + Words.set(texts(schema)) + "'.");
    }

    private static Set<String> texts(SearchSchema schema) {
        return schema.sortable().keySet().stream()
                .filter(key -> !schema.attributes().get(key).number())
                .collect(Collectors.toSet());
    }

    private String joinOf(Identifier found, SearchSchema schema) {
        if (found.entity() == Entity.ATTRIBUTE) return "";
        KeyedValues values = schema.keyed().get(found.entity());
        return " LEFT JOIN " + values.table() + " g ON g." + values.owner() + " = " + values.rowId() + " AND g.key = "
                + binds.add(found.key());
    }

    /**
     * What is looked at before the filter.
     *
     * @param from FROM and its joins, without the word
     * @param where a condition all rows must meet; its values in {@code bound}
     */
    public record Over(String from, String where, Map<String, ?> bound) {}

    /**
     * Reads one row for each group.
     *
     * @param columns SELECT list beside {@code group_value}, which is NULL for rows without the param or tag
     * @param only the groups to read; absent: all
     * @param tail what follows the group's value in GROUP BY, and ORDER BY and LIMIT
     */
    public <T> List<T> read(
            Handle tx,
            String columns,
            Over over,
            Optional<List<Optional<String>>> only,
            String tail,
            RowMapper<T> mapper) {
        Map<String, Object> all = new HashMap<>(binds.values());
        all.putAll(over.bound());
        String filter = conditions.plain().stream().map(part -> " AND " + part).collect(Collectors.joining())
                + conditions.members().stream()
                        .map(member -> " AND " + member.exists())
                        .collect(Collectors.joining())
                + only.map(groups -> " AND (" + among(groups, all) + ")").orElse("");
        Query query = tx.createQuery("SELECT " + value + " AS group_value, " + columns + " FROM " + over.from() + join
                        + " WHERE " + over.where() + filter + " GROUP BY " + value + tail)
                .bindMap(all);
        query.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
        return query.map(mapper).list();
    }

    private String among(List<Optional<String>> groups, Map<String, Object> bound) {
        List<String> texts = groups.stream().flatMap(Optional::stream).toList();
        IntStream.range(0, texts.size()).forEach(i -> bound.put("g" + i, texts.get(i)));
        String names = IntStream.range(0, texts.size()).mapToObj(i -> ":g" + i).collect(Collectors.joining(", "));
        String listed = texts.isEmpty() ? "1 = 0" : value + " IN (" + names + ")";
        return groups.contains(Optional.<String>empty()) ? listed + " OR " + value + " IS NULL" : listed;
    }
}
