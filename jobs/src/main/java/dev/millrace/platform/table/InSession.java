package dev.millrace.platform.table;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Moves a query to another session, so that the other session's settings hold when it runs. */
final class InSession {
    private InSession() {}

    /**
     * The same rows, planned in {@code session}. The logical plan is handed over as it is: session-local temporary
     * views and functions in it were resolved before.
     */
    static Dataset<Row> of(SparkSession session, Dataset<Row> rows) {
        return org.apache.spark.sql.classic.Dataset.ofRows(
                (org.apache.spark.sql.classic.SparkSession) session,
                ((org.apache.spark.sql.classic.Dataset<Row>) rows)
                        .queryExecution()
                        .logical());
    }
}
