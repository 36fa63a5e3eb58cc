package dev.millrace.job.scoring;

import dev.millrace.job.JobContext;
import dev.millrace.job.Quarantine;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.tracking.ResolvedModel;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Writes the rows without a prediction beside the predictions, by the rules of {@link PredictionsWrite}: a run replaces
 * what it replaces there, and a key is in one of the two tables. Comes after the predictions: until the run has its record
 * it is not done, and the next run repeats both (docs/decisions/0413).
 */
record QuarantineWrite(ScoreConfig config, JobContext ctx, ResolvedModel model) {

    /** @param commit empty when there was nothing to write or remove */
    record Written(long rows, Optional<Commit> commit) {}

    /** @param unscorable whose {@link UnscorableRows#scorable} has been read */
    Written write(UnscorableRows unscorable) {
        if (!unscorable.wereSeen()) return new Written(0, write(unscorable, Optional.empty()));
        Dataset<Row> rejected = described(unscorable);
        rejected.persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return new Written(rejected.count(), write(unscorable, Optional.of(rejected)));
        } finally {
            rejected.unpersist();
        }
    }

    private Optional<Commit> write(UnscorableRows unscorable, Optional<Dataset<Row>> rejected) {
        Quarantine quarantine = new Quarantine(config.output().name(), ctx);
        if (ctx.interval().isEmpty() && config.write() == ScoreConfig.Write.REPLACE) {
            return replaced(quarantine, rejected, "true");
        }
        String sameModel = Quarantine.MODEL + " = '" + Predictions.name(model).replace("'", "\\'") + "'";
        if (config.incremental()) {
            if (rejected.isEmpty() && !quarantine.holds(sameModel)) return Optional.empty();
            return Optional.of(merged(quarantine, unscorable, rejected, Optional.empty()));
        }
        String time = ctx.interval()
                .map(interval -> interval.where(Quarantine.EVENT_TIME))
                .orElse("true");
        String own = time + " AND " + Quarantine.OWNER + " = '" + ctx.owner() + "'";
        String others = time + " AND " + Quarantine.OWNER + " <> '" + ctx.owner() + "' AND " + sameModel;
        return !config.keys().isEmpty() && quarantine.holds(others)
                ? Optional.of(merged(quarantine, unscorable, rejected, Optional.of(own)))
                : replaced(quarantine, rejected, own);
    }

    private static Optional<Commit> replaced(Quarantine quarantine, Optional<Dataset<Row>> rejected, String which) {
        return rejected.isPresent() ? Optional.of(quarantine.replace(rejected.get(), which)) : quarantine.remove(which);
    }

    private Commit merged(
            Quarantine quarantine, UnscorableRows unscorable, Optional<Dataset<Row>> rejected, Optional<String> stale) {
        Dataset<Row> scored = unscorable.scored().select(key(), modelName());
        Dataset<Row> none = scored.limit(0);
        return quarantine.merge(rejected.orElse(none), scored, stale);
    }

    private Dataset<Row> described(UnscorableRows unscorable) {
        Dataset<Row> rejected = unscorable.rejected();
        Column record = functions.to_json(functions.struct(functions.col("*")));
        return rejected.select(
                record.as(Quarantine.RECORD),
                unscorable.why().reason().as(Quarantine.REASON),
                unscorable.why().rule().as(Quarantine.RULE),
                unscorable.why().column().as(Quarantine.COLUMN),
                key(),
                Columns.named(Predictions.EVENT_TIME).as(Quarantine.EVENT_TIME),
                modelName(),
                Predictions.version(model).as(Quarantine.MODEL_VERSION));
    }

    private Column key() {
        Column none = functions.lit(null).cast(DataTypes.StringType);
        return (config.keys().isEmpty() ? none : Quarantine.key(config.keys())).as(Quarantine.KEY);
    }

    private Column modelName() {
        return functions.lit(Predictions.name(model)).as(Quarantine.MODEL);
    }
}
