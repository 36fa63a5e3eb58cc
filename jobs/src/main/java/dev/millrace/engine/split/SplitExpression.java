package dev.millrace.engine.split;

import dev.millrace.engine.query.Repeatability;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import scala.jdk.javaapi.CollectionConverters;

/** The condition of a split by expression. */
final class SplitExpression {
    private SplitExpression() {}

    /** @throws MillraceException CONFIG when it is no condition on the rows, or gives another value each time */
    static Column checked(Dataset<Row> rows, String test) {
        Dataset<Row> selected;
        try {
            selected = rows.select(functions.expr(test).as("test"));
        } catch (Exception refused) { // an AnalysisException or a ParseException, neither of them declared
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`split.test` (" + test + ") is not a condition on the table: " + SparkErrors.firstLine(refused),
                    refused);
        }
        if (!(selected.schema().apply(0).dataType() instanceof BooleanType)) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`split.test` (" + test + ") is "
                            + selected.schema().apply(0).dataType().sql()
                            + ", not BOOLEAN. Set a condition, such as pmod(crc32(id), 100) >= 80.");
        }
        Set<String> fickle = new TreeSet<>();
        var plan = ((org.apache.spark.sql.classic.Dataset<Row>) selected)
                .queryExecution()
                .logical();
        for (Expression expression : CollectionConverters.asJava(plan.expressions())) collect(expression, fickle);
        var analyzed = ((org.apache.spark.sql.classic.Dataset<Row>) selected)
                .queryExecution()
                .analyzed();
        for (Expression expression : CollectionConverters.asJava(analyzed.expressions())) collect(expression, fickle);
        if (fickle.isEmpty()) return functions.expr(test);
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`split.test` (" + test + ") uses " + String.join(", ", fickle)
                        + ", which returns other values each time. Use functions of the row only, such as"
                        + " pmod(crc32(id), 100) >= 80.");
    }

    private static void collect(Expression expression, Set<String> fickle) {
        CollectionConverters.asJava(expression.children()).forEach(child -> collect(child, fickle));
        Repeatability.unrepeatable(expression).ifPresent(fickle::add);
    }
}
