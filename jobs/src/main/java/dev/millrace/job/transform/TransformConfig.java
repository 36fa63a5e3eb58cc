package dev.millrace.job.transform;

import dev.millrace.job.Severity;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A table to make of others.
 *
 * @param inputs tables by the name that they have in the query
 * @param sql one query
 * @param expressions instead of a query: columns added to those of the one input
 * @param timeColumn of the result; rows of an interval are replaced by it
 * @param changesOf the input whose new rows are appended, where the query treats each of its rows by itself
 * @param columns what columns of the result mean
 * @param rules conditions on the rows, and what happens where one is broken
 */
public record TransformConfig(
        @Doc("tables by their name in the query") Map<String, TableRef> inputs,
        @Doc("one SELECT over the inputs") Optional<String> sql,
        @Doc("instead of sql, with one input: further columns, by SQL over its rows") Map<String, String> expressions,
        @Doc("table to write") OutputRef output,
        @Doc("TIMESTAMP or DATE column of the result, for runs over an interval") Optional<String> timeColumn,
        @Doc("input whose appended rows are transformed and appended; default: the table is replaced")
                Optional<String> changesOf,
        @Doc("descriptions of columns of the result") Map<String, String> columns,
        @Doc("columns without NULL; otherwise nothing is written") List<String> notNull,
        @Doc("conditions on every row of the result") List<Rule> rules) {
    private static final Pattern VIEW = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /**
     * A condition on a row of the result; NULL counts as satisfied, as in SQL's CHECK.
     *
     * @param name names the rule in messages, in quarantine and in {@code quality.results}; default the condition itself
     * @param column the column it is about, for the reports
     */
    public record Rule(
            @Doc("name in reports; default the condition") Optional<String> name,
            @Doc("column it is about") Optional<String> column,
            @Doc("SQL condition that holds for every row") String where,
            @Doc("what a row that breaks it leads to: fail (nothing is written), quarantine, or warn") @Default("fail")
                    Severity severity) {
        String printed() {
            return name.orElse(where);
        }
    }

    public TransformConfig {
        notNull = List.copyOf(notNull);
        rules = List.copyOf(rules);
        if (inputs.isEmpty()) throw new IllegalArgumentException("`inputs` must name at least one table");
        for (String name : inputs.keySet()) {
            if (VIEW.matcher(name).matches()) continue;
            throw new IllegalArgumentException("`inputs` has the name `" + name
                    + "`; a name of letters, digits and underscores can be used in the query");
        }
        if (sql.isPresent() == !expressions.isEmpty()) {
            throw new IllegalArgumentException("needs either `sql`, a query, or `expressions`, columns to add");
        }
        if (sql.isEmpty() && inputs.size() > 1) {
            throw new IllegalArgumentException("`expressions` are over one input; join several by `sql`");
        }
        if (changesOf.isPresent() && !inputs.containsKey(changesOf.get())) {
            throw new IllegalArgumentException("`changes-of` (" + changesOf.get() + ") is none of the inputs "
                    + String.join(", ", inputs.keySet()));
        }
    }

    /** The query. */
    String query() {
        return sql.orElseGet(() -> {
            StringBuilder select = new StringBuilder("SELECT *");
            expressions.forEach((name, text) -> select.append(",\n(")
                    .append(text)
                    .append(") AS `")
                    .append(name.replace("`", "``"))
                    .append('`'));
            return select.append("\nFROM `")
                    .append(inputs.keySet().iterator().next())
                    .append('`')
                    .toString();
        });
    }
}
