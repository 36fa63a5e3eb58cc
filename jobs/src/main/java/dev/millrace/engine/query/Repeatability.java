package dev.millrace.engine.query;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.jdk.javaapi.CollectionConverters;

/** Whether an expression gives the same value each time it is computed of the same row. */
public final class Repeatability {
    /** Functions that Spark calls deterministic, because they are fixed within a query. */
    private static final Set<String> OF_THE_MOMENT = Set.of(
            "current_timestamp",
            "now",
            "current_date",
            "curdate",
            "localtimestamp",
            "current_time",
            "current_user",
            "user",
            "session_user",
            "current_database",
            "current_schema",
            "current_catalog",
            "current_timezone",
            "input_file_name",
            "version");

    private Repeatability() {}

    /**
     * The function that gives another value each time, as {@code now()}, when it is {@code expression} itself and not
     * one below it.
     *
     * @param expression analysed or not; before the analysis, functions have the names that the user wrote
     */
    public static Optional<String> unrepeatable(Expression expression) {
        List<Expression> below = CollectionConverters.asJava(expression.children());
        String name = expression instanceof UnresolvedFunction function
                ? function.nameParts().last()
                : expression.prettyName();
        boolean isItself = expression.resolved()
                && !expression.deterministic()
                && below.stream().allMatch(Expression::deterministic);
        return isItself || OF_THE_MOMENT.contains(name.toLowerCase(Locale.ROOT))
                ? Optional.of(name + "()")
                : Optional.empty();
    }
}
