package dev.millrace.job.ingest;

import dev.millrace.engine.intake.Marks;
import dev.millrace.engine.intake.Parsed;
import dev.millrace.job.JobContext;
import dev.millrace.job.Quarantine;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The records that ingest rejects, in the quarantine of their table. Each run writes and takes back its own records
 * only; once a batch is decided, those of the run whose batch it is stay (docs/decisions/0501).
 */
record RejectedRecords(TableName source, JobContext ctx) {

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
            bad = rows.get()
                    .where(functions.col(Marks.REASON).isNotNull())
                    .select(Columns.named(Marks.OF_QUARANTINE))
                    .unionByName(bad);
        }
        return Optional.of(quarantine().replace(named(bad, batch), of(batch, "=")));
    }

    /** Removes this run's records of a batch, which is not its batch after all. */
    void takeBack(long batch) {
        quarantine().remove(of(batch, "="));
    }

    /**
     * Removes what other runs have left of a batch: killed attempts, runs that were overtaken, a table of the same name
     * that was deleted.
     *
     * @param runId whose batch it is
     */
    void keepOnly(long batch, String runId) {
        quarantine().remove(of(batch, runId, "<>"));
    }

    private Quarantine quarantine() {
        return new Quarantine(source, ctx);
    }

    private String of(long batch, String operator) {
        return of(batch, ctx.run().id(), operator);
    }

    private static String of(long batch, String runId, String operator) {
        return "batch_id = " + batch + " AND run_id " + operator + " '" + runId + "'";
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

    private static Dataset<Row> named(Dataset<Row> bad, long batch) {
        return bad.select(
                functions.col(Marks.RECORD).as(Quarantine.RECORD),
                functions.col(Marks.REASON).as(Quarantine.REASON),
                functions.col(Marks.RULE).as(Quarantine.RULE),
                functions.col(Marks.COLUMN).as(Quarantine.COLUMN),
                functions.col(Marks.FILE).as(Quarantine.FILE),
                functions.col(Marks.LINE).as(Quarantine.LINE),
                functions.lit(batch).cast(DataTypes.LongType).as(Quarantine.BATCH));
    }
}
