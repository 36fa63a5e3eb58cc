package dev.millrace.engine.feature;

import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import scala.jdk.javaapi.CollectionConverters;

/** What SQL expressions depend on. */
public final class Expressions {
    private Expressions() {}

    /**
     * The columns that the expressions of a projection read.
     *
     * @param selected {@code rows.selectExpr(…)}
     */
    public static Set<String> columns(Dataset<Row> selected) {
        var plan = ((org.apache.spark.sql.classic.Dataset<Row>) selected)
                .queryExecution()
                .analyzed();
        Set<String> names = new TreeSet<>();
        for (Attribute read : CollectionConverters.asJava(plan.references().toSeq())) names.add(read.name());
        return names;
    }
}
