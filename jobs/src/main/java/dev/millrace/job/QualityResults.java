package dev.millrace.job;

import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** How each declared rule went, in {@code quality.results} (CONTRACT §5): one row per rule and commit. */
public final class QualityResults {
    private static final TableName TABLE = new TableName("quality", "results");
    private static final StructType COLUMNS = new StructType()
            .add("table_name", DataTypes.StringType)
            .add("table_id", DataTypes.StringType)
            .add("table_version", DataTypes.LongType)
            .add("rule", DataTypes.StringType)
            .add("kind", DataTypes.StringType)
            .add("column_name", DataTypes.StringType)
            .add("severity", DataTypes.StringType)
            .add("expected", DataTypes.StringType)
            .add("observed", DataTypes.StringType)
            .add("failed_rows", DataTypes.LongType)
            .add("passed", DataTypes.BooleanType)
            .add("run_id", DataTypes.StringType)
            .add("at", DataTypes.TimestampType);

    private QualityResults() {}

    /**
     * A rule and what was found.
     *
     * @param kind not-null or where
     * @param column the column it is about; empty when it is about none or several
     * @param expected what should hold, as people read it
     * @param failedRows rows that break it
     */
    public record Checked(
            String rule, String kind, Optional<String> column, Severity severity, String expected, long failedRows) {}

    /**
     * Appends the rows of a commit, once. Nothing where no rule is declared.
     *
     * @param made the table's commit with the rows that were checked
     */
    public static Optional<Commit> write(JobContext ctx, Commit made, List<Checked> rules) {
        if (rules.isEmpty()) return Optional.empty();
        List<Row> rows = new ArrayList<>();
        for (Checked rule : rules) {
            rows.add(RowFactory.create(
                    made.table(),
                    made.tableId(),
                    made.version(),
                    rule.rule(),
                    rule.kind(),
                    rule.column().orElse(null),
                    rule.severity().printed(),
                    rule.expected(),
                    rule.failedRows() + " rows break it",
                    rule.failedRows(),
                    rule.failedRows() == 0,
                    ctx.run().id(),
                    ctx.clock().instant()));
        }
        // By the table's id: the versions of a table that was deleted and made anew begin at 0 again.
        String application = made.table() + "/" + made.tableId() + "/quality";
        return Optional.of(ctx.tables()
                .append(OutputRef.of(TABLE), ctx.spark().createDataFrame(rows, COLUMNS), application, made.version()));
    }
}
