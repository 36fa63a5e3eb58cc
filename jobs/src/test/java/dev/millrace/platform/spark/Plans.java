package dev.millrace.platform.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What Spark is going to do: passes and shuffles are properties that tests hold. */
public final class Plans {
    private Plans() {}

    /** How often an operator of this name stands in the physical plan, e.g. {@code Exchange}, {@code Sort}. */
    public static long count(Dataset<Row> rows, String operator) {
        String plan = ((org.apache.spark.sql.classic.Dataset<Row>) rows)
                .queryExecution()
                .sparkPlan()
                .toString();
        String prepared = ((org.apache.spark.sql.classic.Dataset<Row>) rows)
                .queryExecution()
                .executedPlan()
                .toString();
        String shown = prepared.isEmpty() ? plan : prepared;
        return shown.lines()
                .filter(line -> line.matches("[\\s:+\\-|*()0-9]*" + operator + "\\b.*"))
                .count();
    }
}
