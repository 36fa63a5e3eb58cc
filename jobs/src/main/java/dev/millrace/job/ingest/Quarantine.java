package dev.millrace.job.ingest;

import dev.millrace.engine.intake.Marks;
import dev.millrace.engine.intake.Parsed;
import dev.millrace.job.JobContext;
import dev.millrace.platform.table.Columns;
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
import org.apache.spark.sql.types.StructType;

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
            bad = marks(rows.get().where(functions.col(Marks.REASON).isNotNull()))
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
        return rows.select(Columns.named(Marks.OF_QUARANTINE));
    }

    private Dataset<Row> wholeFiles(List<Parsed.Refusal> setAside) {
        List<Row> rows = new ArrayList<>();
        for (Parsed.Refusal file : setAside) {
            rows.add(RowFactory.create(file.file(), null, null, file.reason(), file.rule(), null));
        }
        StructType columns = new StructType();
        for (String mark : Marks.OF_QUARANTINE) columns = columns.add(Marks.COLUMNS.apply(mark));
        return ctx.spark().createDataFrame(rows, columns);
    }

    private Dataset<Row> complete(Dataset<Row> bad, long batch) {
        Instant now = ctx.clock().instant();
        return bad.select(
                functions.col(Marks.RECORD).as("record"),
                functions.col(Marks.REASON).as("reason"),
                functions.col(Marks.RULE).as("rule"),
                functions.col(Marks.COLUMN).as("column_name"),
                functions.col(Marks.FILE).as("source_file"),
                functions.col(Marks.LINE).as("line"),
                number(batch).as("batch_id"),
                functions.lit(ctx.run().id()).as("run_id"),
                functions.lit(now).as("at"),
                functions.lit(source.toString()).as("table_name"));
    }

    private static Column number(long batch) {
        return functions.lit(batch).cast(DataTypes.LongType);
    }
}
