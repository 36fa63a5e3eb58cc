package dev.millrace.job.ingest;

import dev.millrace.job.JobContext;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The table of rejected records beside a table: {@code quarantine.<table>}, with the columns of CONTRACT §5 and {@code
 * table_name}. Each run writes and takes back its own records only; once a batch is decided, those of the run whose
 * batch it is stay (docs/decisions/0501).
 */
record Quarantine(TableName source, JobContext ctx) {
    static final String SCHEMA = "quarantine";

    TableName table() {
        return new TableName(SCHEMA, source.table());
    }

    /**
     * Writes this run's records of a batch. Nothing when there are none.
     *
     * @param rows the batch's rows with their marks; those with a reason are taken
     * @param setAside files that stand here as a whole, with one row each; empty when nothing of them is among the rows
     */
    Optional<Commit> write(Optional<Dataset<Row>> rows, List<Parsed.Refusal> setAside, long batch) {
        if (rows.isEmpty() && setAside.isEmpty()) return Optional.empty();
        Dataset<Row> bad = wholeFiles(setAside);
        if (rows.isPresent()) {
            bad = marks(rows.get().where(functions.col(TakenColumns.REASON).isNotNull()))
                    .unionByName(bad);
        }
        return Optional.of(ctx.tables().replaceWhere(OutputRef.of(table()), complete(bad, batch), of(batch, "=")));
    }

    /** Removes this run's records of a batch, which is not its batch after all. */
    void takeBack(long batch) {
        remove(of(batch, "="));
    }

    /**
     * Removes what other runs have left of a batch: killed attempts, runs that were overtaken, a table of the same name
     * that was deleted.
     *
     * @param runId whose batch it is
     */
    void keepOnly(long batch, String runId) {
        remove(of(batch, runId, "<>"));
    }

    private void remove(String records) {
        if (!ctx.tables().exists(table()) || !ctx.tables().hasAny(table(), records)) return;
        ctx.tables().replaceWhere(OutputRef.of(table()), complete(wholeFiles(List.of()), 0), records);
    }

    private String of(long batch, String operator) {
        return of(batch, ctx.run().id(), operator);
    }

    private String of(long batch, String runId, String operator) {
        return "table_name = '" + source + "' AND batch_id = " + batch + " AND run_id " + operator + " '" + runId + "'";
    }

    private static Dataset<Row> marks(Dataset<Row> rows) {
        return rows.select(
                TakenColumns.MARKS.fieldNames()[0],
                java.util.Arrays.copyOfRange(TakenColumns.MARKS.fieldNames(), 1, TakenColumns.MARKS.size()));
    }

    private Dataset<Row> wholeFiles(List<Parsed.Refusal> setAside) {
        List<Row> rows = new ArrayList<>();
        for (Parsed.Refusal file : setAside) {
            rows.add(RowFactory.create(file.file(), null, null, file.reason(), file.rule(), null));
        }
        return ctx.spark().createDataFrame(rows, TakenColumns.MARKS);
    }

    private Dataset<Row> complete(Dataset<Row> bad, long batch) {
        Instant now = ctx.clock().instant();
        return bad.select(
                functions.col(TakenColumns.RECORD).as("record"),
                functions.col(TakenColumns.REASON).as("reason"),
                functions.col(TakenColumns.RULE).as("rule"),
                functions.col(TakenColumns.COLUMN).as("column_name"),
                functions.col(TakenColumns.FILE).as("source_file"),
                functions.col(TakenColumns.LINE).as("line"),
                number(batch).as("batch_id"),
                functions.lit(ctx.run().id()).as("run_id"),
                functions.lit(now).as("at"),
                functions.lit(source.toString()).as("table_name"));
    }

    private static Column number(long batch) {
        return functions.lit(batch).cast(DataTypes.LongType);
    }
}
