package dev.millrace.registry.platform.search;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * order_by → joins and expressions that are never NULL. Rows without the key come last in both directions, NaN before
 * them; the schema's last parts break ties.
 */
final class Ordering {
    private final List<String> joins = new ArrayList<>();
    private final List<OrderPart> parts = new ArrayList<>();
    private Optional<Lead> lead = Optional.empty();

    private Ordering() {}

    /**
     * A metric that comes first in the order and has an index, so that rows can be read in its order. Its rank and its
     * value are the first two parts, its join the first.
     *
     * @param key what stands for the metric's key in the SQL
     */
    record Lead(KeyedValues values, Identifier identifier, String alias, String key, boolean descending) {}

    static Ordering of(List<String> clauses, SearchSchema schema, Binds binds) {
        Ordering ordering = new Ordering();
        Set<Object> seen = new HashSet<>();
        for (String clause : clauses) {
            OrderTerm term = FilterParser.orderTerm(clause);
            if (!seen.add(sorted(term.identifier(), schema))) {
                throw MillraceException.invalid("`order_by` contains duplicate fields: " + clauses);
            }
            ordering.add(term, clause, schema, binds);
        }
        for (OrderPart part : clauses.isEmpty() ? schema.defaultOrder() : schema.ties()) {
            boolean there =
                    ordering.parts.stream().anyMatch(known -> known.sql().equals(part.sql()));
            if (!there) ordering.parts.add(part);
        }
        return ordering;
    }

    /** What is sorted by: names that are spellings of one attribute are the same. */
    private static Object sorted(Identifier identifier, SearchSchema schema) {
        String sql = identifier.entity() == Entity.ATTRIBUTE ? schema.sortable().get(identifier.key()) : null;
        return sql == null ? identifier : sql;
    }

    private void add(OrderTerm term, String clause, SearchSchema schema, Binds binds) {
        Identifier identifier = term.identifier();
        switch (identifier.entity()) {
            case ATTRIBUTE -> attribute(term, schema);
            case METRIC, PARAMETER, TAG -> keyed(term, schema, binds);
            case DATASET ->
                throw MillraceException.invalid("Invalid ordering key in order_by clause '" + clause + "'.");
        }
    }

    private void attribute(OrderTerm term, SearchSchema schema) {
        String key = term.identifier().key();
        String sql = schema.sortable().get(key);
        if (sql == null) {
            throw MillraceException.invalid(
                    "Invalid " + schema.sortKeys() + " key '" + key + "' specified. Valid keys are '"
                            + Words.set(schema.sortable().keySet()) + "'");
        }
        boolean neverNull =
                schema.defaultOrder().stream().anyMatch(part -> part.sql().equals(sql));
        if (!neverNull) parts.add(new OrderPart("CASE WHEN " + sql + " IS NULL THEN 1 ELSE 0 END", false));
        boolean number = schema.attributes().containsKey(key)
                && schema.attributes().get(key).number();
        String zero = number ? "0" : "''";
        parts.add(new OrderPart(neverNull ? sql : "COALESCE(" + sql + ", " + zero + ")", term.descending()));
    }

    private void keyed(OrderTerm term, SearchSchema schema, Binds binds) {
        KeyedValues values = schema.keyed().get(term.identifier().entity());
        if (values == null) throw schema.lacks(term.identifier().entity());
        String alias = "o" + joins.size();
        String key = binds.add(term.identifier().key());
        joins.add("LEFT JOIN " + values.table() + " " + alias + " ON " + alias + "." + values.owner() + " = "
                + values.rowId() + " AND " + alias + ".key = " + key);
        if (parts.isEmpty() && values.number() && values.indexed()) {
            lead = Optional.of(new Lead(values, term.identifier(), alias, key, term.descending()));
        }
        String value = alias + ".value";
        String last = values.number()
                ? "CASE WHEN " + value + " IS NULL THEN 2 WHEN " + alias + ".is_nan = 1 THEN 1 ELSE 0 END"
                : "CASE WHEN " + value + " IS NULL THEN 1 ELSE 0 END";
        parts.add(new OrderPart(last, false));
        parts.add(
                new OrderPart("COALESCE(" + value + ", " + (values.number() ? "0.0" : "''") + ")", term.descending()));
    }

    List<String> joins() {
        return joins;
    }

    Optional<Lead> lead() {
        return lead;
    }

    List<OrderPart> parts() {
        return parts;
    }
}
