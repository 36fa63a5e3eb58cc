package dev.millrace.job.ingest;

import dev.millrace.engine.landing.RowRules;
import dev.millrace.job.JobContext;
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

/** How each declared rule went, in {@code quality.results} (CONTRACT §5): one row per rule and batch. */
final class QualityResults {
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
     * @param made the table's commit with the rows that passed
     * @param broken rows that broke each check, in their order
     */
    static Optional<Commit> write(
            JobContext ctx,
            Commit made,
            List<RowRules.Check> checks,
            List<Long> broken,
            String application,
            long batch) {
        if (checks.isEmpty()) return Optional.empty();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            RowRules.Check check = checks.get(i);
            long failed = broken.get(i);
            rows.add(RowFactory.create(
                    made.table(),
                    made.tableId(),
                    made.version(),
                    check.name(),
                    check.kind(),
                    check.column(),
                    "quarantine",
                    check.expected(),
                    failed + " rows violate it",
                    failed,
                    failed == 0,
                    ctx.run().id(),
                    ctx.clock().instant()));
        }
        return Optional.of(ctx.tables()
                .append(
                        OutputRef.of(TABLE),
                        ctx.spark().createDataFrame(rows, COLUMNS),
                        application + "/quality",
                        batch));
    }
}
