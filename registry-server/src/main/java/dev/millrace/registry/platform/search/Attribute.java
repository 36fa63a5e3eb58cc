package dev.millrace.registry.platform.search;

import java.util.Set;

/**
 * A column that filters may name.
 *
 * @param sql its expression
 * @param number whether it is compared as a number
 * @param operators what may be asked of it
 * @param within SQL around the condition, with one {@code %s} for it; {@code "%s"} when the column is the row's own
 */
public record Attribute(String sql, boolean number, Set<Operator> operators, String within) {
    public Attribute {
        operators = Set.copyOf(operators);
    }

    /** Text: = != LIKE ILIKE. */
    public static Attribute text(String sql) {
        return new Attribute(sql, false, Operator.OF_TEXTS, "%s");
    }

    /** Text that names one thing: also IN and NOT IN. */
    public static Attribute name(String sql) {
        return new Attribute(sql, false, Operator.OF_NAMES, "%s");
    }

    /** Number: = != > >= < <=. */
    public static Attribute number(String sql) {
        return new Attribute(sql, true, Operator.OF_NUMBERS, "%s");
    }

    /** The same column, in a subquery. */
    public Attribute within(String template) {
        return new Attribute(sql, number, operators, template);
    }
}
