package dev.millrace.registry.platform.search;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Comparisons → SQL conditions. Values are bound; SQL text comes from the schema and from {@link Operator} only.
 *
 * <p>What rows must have of metrics, params and tags is kept apart ({@link Member}): {@link Search} decides whether to begin
 * with it or to look it up row by row. Never a join that multiplies rows.
 */
final class Conditions {
    private final SearchSchema schema;
    private final Binds binds;
    private final List<String> plain = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    Conditions(SearchSchema schema, Binds binds) {
        this.schema = schema;
        this.binds = binds;
    }

    /** On the row itself, or on what it must not have. */
    List<String> plain() {
        return plain;
    }

    List<Member> members() {
        return members;
    }

    void add(Comparison comparison) {
        Identifier identifier = comparison.identifier();
        switch (identifier.entity()) {
            case ATTRIBUTE ->
                plain.add(attribute(
                        comparison,
                        schema.attributes().get(identifier.key()),
                        schema.attributes().keySet()));
            case DATASET ->
                plain.add(attribute(
                        comparison,
                        schema.datasets().get(identifier.key()),
                        schema.datasets().keySet()));
            case METRIC, PARAMETER, TAG -> keyed(comparison, schema.keyed().get(identifier.entity()));
        }
    }

    private String attribute(Comparison comparison, Attribute attribute, Set<String> known) {
        if (attribute == null) {
            throw MillraceException.invalid("Invalid "
                    + comparison.identifier().entity().word() + " key '"
                    + comparison.identifier().key() + "' specified. Valid keys are '" + Words.set(known) + "'");
        }
        if (comparison.literal() instanceof Literal.Nothing) throw notNullable(comparison);
        if (attribute.number()) {
            Object number = number(comparison);
            allow(comparison, attribute.operators());
            return attribute.within().formatted(compared(attribute.sql(), comparison.operator(), number));
        }
        requireListAllowed(comparison, attribute);
        allow(comparison, attribute.operators());
        return attribute.within().formatted(text(attribute.sql(), comparison));
    }

    private void keyed(Comparison comparison, KeyedValues values) {
        Identifier identifier = comparison.identifier();
        if (values == null) throw schema.lacks(identifier.entity());
        boolean nullTest = comparison.literal() instanceof Literal.Nothing;
        if (nullTest && values.number()) throw notNullable(comparison);
        if (values.number()) number(comparison);
        else if (!nullTest && !values.operators().contains(comparison.operator())) quoted(comparison);
        allow(comparison, values.operators());
        String key = Member.COLUMN + "key = " + binds.add(identifier.key());
        if (nullTest) {
            Member there = new Member(values, identifier, key);
            if (comparison.operator() == Operator.IS_NOT_NULL) members.add(there);
            else plain.add("NOT " + there.exists());
        } else {
            String predicate = values.number() ? metric(comparison) : keyedText(values, comparison);
            members.add(new Member(values, identifier, key + " AND " + predicate));
        }
    }

    /** That a row does not have a tag set to {@code true}. */
    void without(String flag) {
        String key = Member.COLUMN + "key = " + binds.add(flag);
        Member hidden = new Member(
                schema.keyed().get(Entity.TAG),
                new Identifier(Entity.TAG, flag),
                key + " AND " + Member.COLUMN + "value = 'true'");
        plain.add("NOT " + hidden.exists());
    }

    /** NaN is unequal to everything and in no other relation to anything. */
    private String metric(Comparison comparison) {
        String compared = compared(Member.COLUMN + "value", comparison.operator(), number(comparison));
        return comparison.operator() == Operator.NOT_EQUAL
                ? "(" + Member.COLUMN + "is_nan = 1 OR " + compared + ")"
                : Member.COLUMN + "is_nan = 0 AND " + compared;
    }

    private String keyedText(KeyedValues values, Comparison comparison) {
        String condition = text(Member.COLUMN + "value", comparison);
        if (!values.indexed() || comparison.operator() != Operator.EQUAL) return condition;
        return "substr(" + Member.COLUMN + "value, 1, 200) = substr(" + binds.add(quoted(comparison)) + ", 1, 200) AND "
                + condition;
    }

    private String text(String sql, Comparison comparison) {
        return switch (comparison.operator()) {
            case EQUAL, NOT_EQUAL -> sql + " " + comparison.operator().word() + " " + binds.add(quoted(comparison));
            case LIKE -> like(sql, quoted(comparison));
            case ILIKE -> like("lower(" + sql + ")", lowered(quoted(comparison)));
            case IN, NOT_IN -> sql + " " + comparison.operator().word() + " (" + list(comparison) + ")";
            case GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, IS_NULL, IS_NOT_NULL -> throw new AssertionError(comparison);
        };
    }

    /**
     * MLflow's patterns know no escape. PostgreSQL takes the backslash for one unless told another, which SQLite wants to
     * be a single character: so it is the tilde, doubled wherever a pattern has it.
     */
    private String like(String sql, String pattern) {
        return sql + " LIKE " + binds.add(pattern.replace("~", "~~")) + " ESCAPE '~'";
    }

    /** As both databases lower a column compared by bytes: A to Z only. */
    private static String lowered(String text) {
        StringBuilder lowered = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') lowered.setCharAt(i, (char) (c + ('a' - 'A')));
        }
        return lowered.toString();
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

    /** MLflow says which names can be in a list before it says what else they can be. */
    private void requireListAllowed(Comparison comparison, Attribute attribute) {
        boolean list = comparison.literal() instanceof Literal.Texts;
        if (!list || attribute.operators().contains(Operator.IN)) return;
        List<String> listed = schema.attributes().entrySet().stream()
                .filter(entry -> entry.getValue().operators().contains(Operator.IN))
                .map(entry -> "'" + entry.getKey() + "'")
                .sorted()
                .toList();
        throw MillraceException.invalid(
                "Only " + listed + " attributes support comparison with a list of quoted string values.");
    }

    private MillraceException notNullable(Comparison comparison) {
        Identifier identifier = comparison.identifier();
        String kind = identifier.entity().word();
        boolean params = schema.keyed().containsKey(Entity.PARAMETER);
        return MillraceException.invalid("IS NULL / IS NOT NULL is only supported for "
                + (params ? "tags and params, not for '" + kind + "'" : "tags, not for " + kind) + " '"
                + identifier.key()
                + "'");
    }

    private static Object number(Comparison comparison) {
        boolean metric = comparison.identifier().entity() == Entity.METRIC;
        if (comparison.literal() instanceof Literal.Bare bare && isNumber(bare.word())) {
            // Metrics are doubles; a whole number would be compared exactly by SQLite and rounded by PostgreSQL.
            if (!metric && bare.word().matches("[-+]?[0-9]{1,18}")) return Long.valueOf(bare.word());
            return Double.valueOf(bare.word());
        }
        throw MillraceException.invalid((metric
                        ? "Expected numeric value type for metric."
                        : "Expected numeric value type for numeric attribute: "
                                + comparison.identifier().key() + ".")
                + " Found " + shown(comparison.literal()));
    }

    private static boolean isNumber(String word) {
        return word.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");
    }

    private static String quoted(Comparison comparison) {
        Literal literal = comparison.literal();
        if (literal instanceof Literal.Quoted quoted) return quoted.text();
        if (literal instanceof Literal.Bare bare && !isNumber(bare.word())) {
            throw MillraceException.invalid(
                    "Parameter value is either not quoted or unidentified quote types used for string value "
                            + bare.word() + ". Use either single or double quotes.");
        }
        String what =
                switch (comparison.identifier().entity()) {
                    case ATTRIBUTE -> "attributes.";
                    case DATASET -> "dataset attributes.";
                    case METRIC, PARAMETER, TAG ->
                        comparison.identifier().entity().word() + " (e.g. 'my-value').";
                };
        throw MillraceException.invalid("Expected a quoted string value for " + what + " Got value " + shown(literal));
    }

    /** As it stood in the filter. */
    private static String shown(Literal literal) {
        if (literal instanceof Literal.Quoted quoted) return "'" + quoted.text() + "'";
        if (literal instanceof Literal.Bare bare) return bare.word();
        if (literal instanceof Literal.Texts texts) {
            return texts.texts().stream().map(text -> "'" + text + "'").collect(Collectors.joining(", ", "(", ")"));
        }
        return "nothing";
    }
}
