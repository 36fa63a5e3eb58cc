package dev.millrace.job.transform;

import dev.millrace.engine.query.QueryPlan;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** A query over named inputs, analysed and found to depend on their rows alone. */
final class DeclaredQuery {
    private final Dataset<Row> rows;
    private final QueryPlan plan;

    private DeclaredQuery(Dataset<Row> rows, QueryPlan plan) {
        this.rows = rows;
        this.plan = plan;
    }

    /**
     * Analyses {@code sql}, whose tables are the inputs, in a session of its own: names of views do not leak.
     *
     * @param key of the job file, for messages
     * @throws MillraceException CONFIG with the line, for what is no query, names other tables, or calls a function that
     *     gives something else each time
     */
    static DeclaredQuery of(SparkSession spark, Map<String, Dataset<Row>> inputs, String sql, String key) {
        var own = ((org.apache.spark.sql.classic.SparkSession) spark).cloneSession();
        Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        inputs.forEach((name, rows) -> {
            LogicalPlan plan = ((org.apache.spark.sql.classic.Dataset<Row>) rows).logicalPlan();
            org.apache.spark.sql.classic.Dataset.ofRows(own, plan).createOrReplaceTempView(name);
            names.put(name, name);
        });
        try {
            LogicalPlan parsed = own.sessionState().sqlParser().parseQuery(sql);
            var rows = org.apache.spark.sql.classic.Dataset.ofRows(own, parsed);
            QueryPlan plan = new QueryPlan(rows.queryExecution().analyzed(), names);
            plan.problem().ifPresent(problem -> {
                throw new MillraceException(ErrorKind.CONFIG, "`" + key + "`: " + problem);
            });
            return new DeclaredQuery(rows, plan);
        } catch (AnalysisException wrong) { // also ParseException
            throw new MillraceException(ErrorKind.CONFIG, "`" + key + "`" + reason(wrong), wrong);
        }
    }

    private static String reason(AnalysisException wrong) {
        scala.Option<Object> line = wrong.line();
        String where = line.isDefined() ? ", line " + line.get() : "";
        String text = Optional.ofNullable(SparkErrors.firstLine(wrong)).orElse("");
        return where + ": " + text.strip();
    }

    Dataset<Row> rows() {
        return rows;
    }

    QueryPlan plan() {
        return plan;
    }
}
