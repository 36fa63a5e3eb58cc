package dev.millrace.job.scoring;

import dev.millrace.job.JobContext;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.table.Tables;
import dev.millrace.platform.tracking.ResolvedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Writes predictions beside those of other job files in the same table; twice gives what once gives.
 *
 * <p>A row belongs to the job file that scored it ({@link Predictions#OWNER}: model name, input table and its {@code
 * where}). With an interval the file's own rows of that time are replaced; otherwise rows are merged by key and model
 * name, so a model has one prediction per key. A key that another file has scored with the same model goes over to this
 * one: an edited {@code where} leaves no second row behind.
 */
record PredictionsWrite(ScoreConfig config, JobContext ctx, ResolvedModel model) {

    /**
     * @param rows what was to be scored, for its keys; read only where another file has rows of the same time
     * @param unscorable of the rows; keys of theirs lose the prediction that they may have
     */
    Commit write(Dataset<Row> predictions, Dataset<Row> rows, UnscorableRows unscorable) {
        if (ctx.interval().isEmpty() && config.write() == ScoreConfig.Write.REPLACE) {
            return ctx.tables().replace(config.output(), predictions);
        }
        if (ctx.interval().isEmpty() || config.incremental()) return merged(predictions, unscorable, Optional.empty());
        String time = ctx.interval().get().where(Predictions.EVENT_TIME);
        String own = time + " AND " + Predictions.OWNER + " = '" + ctx.owner() + "'";
        return othersHold(rows, time, own)
                ? merged(predictions, unscorable, Optional.of(own))
                : ctx.tables().replaceWhere(config.output(), predictions, own);
    }

    /** Whether another file has scored one of the keys in that time with this model. */
    private boolean othersHold(Dataset<Row> rows, String time, String own) {
        if (config.keys().isEmpty() || !ctx.tables().exists(config.output().name())) return false;
        String others = time + " AND NOT (" + own + ") AND " + Predictions.MODEL + " = '"
                + Predictions.name(model).replace("'", "\\'") + "'";
        // Files' statistics answer this without reading a row when nobody else writes to the table.
        if (!ctx.tables().hasAny(config.output().name(), others)) return false;
        Dataset<Row> theirs = ctx.tables()
                .open(TableRef.of(config.output().name()))
                .rows()
                .where(others)
                .as("others");
        return !theirs.join(rows.as("input"), sameKeys(config.keys(), "others", "input"), "left_semi")
                .isEmpty();
    }

    static Column sameKeys(List<String> keys, String left, String right) {
        return keys.stream()
                .map(key -> functions
                        .col(left + "." + Columns.quoted(key))
                        .eqNullSafe(functions.col(right + "." + Columns.quoted(key))))
                .reduce(Column::and)
                .orElseThrow();
    }

    private Commit merged(Dataset<Row> predictions, UnscorableRows unscorable, Optional<String> stale) {
        List<String> keys = new ArrayList<>(config.keys());
        keys.add(Predictions.MODEL);
        // MERGE reads its source twice; the model should run once. The first write of a table reads once.
        boolean exists = ctx.tables().exists(config.output().name());
        if (exists) predictions.persist(StorageLevel.MEMORY_AND_DISK());
        try {
            // The model runs now, so that the merge knows whether there are keys without a prediction.
            if (exists && unscorable.arePossible()) predictions.count();
            Optional<Dataset<Row>> unscored = unscorable.wereSeen()
                    ? Optional.of(
                            unscorable.rejected().withColumn(Predictions.MODEL, functions.lit(Predictions.name(model))))
                    : Optional.empty();
            return ctx.tables().merge(config.output(), predictions, keys, new Tables.Leaving(stale, unscored));
        } finally {
            predictions.unpersist();
        }
    }
}
