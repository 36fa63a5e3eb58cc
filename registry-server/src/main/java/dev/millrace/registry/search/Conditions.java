package dev.millrace.registry.search;

import dev.millrace.registry.error.MillraceException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Comparisons → SQL conditions. Values are bound; SQL text comes from the schema and from {@link Operator} only.
 *
 * <p>Metrics, params and tags become {@code id IN (SELECT owner …)}: with an index on (key, value) the planner can begin
 * with the rarest condition, and never multiplies rows as joins do.
 */
final class Conditions {
    private final SearchSchema schema;
    private final Binds binds;

    Conditions(SearchSchema schema, Binds binds) {
        this.schema = schema;
        this.binds = binds;
    }

    String of(Comparison comparison) {
        Identifier identifier = comparison.identifier();
        return switch (identifier.entity()) {
            case ATTRIBUTE ->
                attribute(
                        comparison,
                        schema.attributes().get(identifier.key()),
                        schema.attributes().keySet());
            case DATASET ->
                attribute(
                        comparison,
                        schema.datasets().get(identifier.key()),
                        schema.datasets().keySet());
            case METRIC, PARAMETER, TAG -> keyed(comparison, schema.keyed().get(identifier.entity()));
        };
    }

    private String attribute(Comparison comparison, Attribute attribute, Set<String> known) {
        if (attribute == null) {
            throw MillraceException.invalid("Invalid "
                    + comparison.identifier().entity().word() + " key '"
                    + comparison.identifier().key() + "' specified. Valid keys are '" + Words.set(known) + "'");
        }
        allow(comparison, attribute.operators());
        String condition = attribute.number()
                ? compared(attribute.sql(), comparison.operator(), number(comparison))
                : text(attribute.sql(), comparison);
        return attribute.within().formatted(condition);
    }

    private String keyed(Comparison comparison, KeyedValues values) {
        Identifier identifier = comparison.identifier();
        if (values == null) {
            throw MillraceException.invalid(
                    "Invalid entity type '" + identifier.entity().word()
                            + "'. This search knows attributes"
                            + schema.keyed().keySet().stream()
                                    .map(entity -> ", " + entity.word())
                                    .collect(Collectors.joining()));
        }
        boolean nullTest = comparison.literal() instanceof Literal.Nothing;
        if (nullTest && values.number()) {
            throw MillraceException.invalid("IS NULL / IS NOT NULL is only supported for tags and params, not for '"
                    + identifier.entity().word() + "' '" + identifier.key() + "'");
        }
        allow(comparison, values.operators());
        String owners =
                "SELECT " + values.owner() + " FROM " + values.table() + " WHERE key = " + binds.add(identifier.key());
        if (nullTest) return membership(values, comparison.operator() == Operator.IS_NOT_NULL, owners);
        if (values.number()) return membership(values, true, owners + " AND " + metric(comparison));
        boolean alsoAbsent = comparison.operator() == Operator.NOT_EQUAL
                && schema.absentUnlessEqual().contains(identifier.key());
        if (alsoAbsent) return membership(values, false, owners + " AND value = " + binds.add(quoted(comparison)));
        return membership(values, true, owners + " AND " + keyedText(values, comparison));
    }

    private static String membership(KeyedValues values, boolean member, String owners) {
        return values.rowId() + (member ? " IN (" : " NOT IN (") + owners + ")";
    }

    /** NaN is unequal to everything and in no other relation to anything. */
    private String metric(Comparison comparison) {
        String compared = compared("value", comparison.operator(), number(comparison));
        return comparison.operator() == Operator.NOT_EQUAL
                ? "(is_nan = 1 OR " + compared + ")"
                : "is_nan = 0 AND " + compared;
    }

    private String keyedText(KeyedValues values, Comparison comparison) {
        String condition = text("value", comparison);
        if (!values.indexedPrefix() || comparison.operator() != Operator.EQUAL) return condition;
        return "substr(value, 1, 200) = substr(" + binds.add(quoted(comparison)) + ", 1, 200) AND " + condition;
    }

    private String text(String sql, Comparison comparison) {
        return switch (comparison.operator()) {
            case EQUAL, NOT_EQUAL, LIKE ->
                sql + " " + comparison.operator().word() + " " + binds.add(quoted(comparison));
            case ILIKE -> "lower(" + sql + ") LIKE lower(" + binds.add(quoted(comparison)) + ")";
            case IN, NOT_IN -> sql + " " + comparison.operator().word() + " (" + list(comparison) + ")";
            case GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, IS_NULL, IS_NOT_NULL -> throw new AssertionError(comparison);
        };
    }

    private String list(Comparison comparison) {
        if (!(comparison.literal() instanceof Literal.Texts list)) throw new AssertionError(comparison);
        return list.texts().stream().map(binds::add).collect(Collectors.joining(", "));
    }

    private String compared(String sql, Operator operator, Object value) {
        return sql + " " + operator.word() + " " + binds.add(value);
    }

    private static void allow(Comparison comparison, Set<Operator> operators) {
        if (operators.contains(comparison.operator())) return;
        throw MillraceException.invalid(
                "Invalid comparator '" + comparison.operator().word() + "' not one of '"
                        + Words.set(operators.stream().map(Operator::word).toList()) + "' for "
                        + comparison.identifier().entity().word() + " '"
                        + comparison.identifier().key() + "'");
    }

    private static Object number(Comparison comparison) {
        boolean metric = comparison.identifier().entity() == Entity.METRIC;
        try {
            if (comparison.literal() instanceof Literal.Bare bare) {
                if (bare.word().matches("[-+]?[0-9]{1,18}")) return Long.valueOf(bare.word());
                return Double.valueOf(bare.word());
            }
        } catch (NumberFormatException notANumber) {
            // Said below, with the value.
        }
        throw MillraceException.invalid((metric
                        ? "Expected numeric value type for metric."
                        : "Expected numeric value type for numeric attribute: "
                                + comparison.identifier().key() + ".")
                + " Found " + shown(comparison.literal()));
    }

    private static String quoted(Comparison comparison) {
        if (comparison.literal() instanceof Literal.Quoted quoted) return quoted.text();
        if (comparison.literal() instanceof Literal.Bare bare) {
            throw MillraceException.invalid("Expected a quoted string value for "
                    + comparison.identifier().entity().word() + " (e.g. 'my-value'). Got value " + bare.word());
        }
        throw new AssertionError(comparison);
    }

    private static String shown(Literal literal) {
        if (literal instanceof Literal.Quoted quoted) return "'" + quoted.text() + "'";
        if (literal instanceof Literal.Bare bare) return bare.word();
        if (literal instanceof Literal.Texts texts) return texts.texts().toString();
        return "nothing";
    }
}
