package dev.millrace.job.scoring;

import dev.millrace.job.JobContext;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.CommitMetadata;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.tracking.ResolvedModel;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rows of the input that the last scoring did not see. With a change data feed on the input (table property {@code
 * delta.enableChangeDataFeed}) these are the rows inserted or changed since the version scored last; without it, the
 * rows whose keys are not among the predictions, which costs a join and misses rows that changed. Rows in quarantine have
 * no prediction: without a feed they are checked again, with one when they change.
 */
record UnscoredRows(ScoreConfig config, JobContext ctx, ResolvedModel model) {
    /** Commits looked back through for our own; when it lies deeper, keys are compared instead, which gives the same. */
    private static final int WALKED = 1_000;

    Dataset<Row> of(TableVersion input) {
        if (!ctx.tables().exists(config.output().name())) return input.rows();
        Optional<Dataset<Row>> fed = byChangeFeed(input);
        if (fed.isPresent()) return fed.get();
        TableVersion scored = ctx.tables().open(TableRef.of(config.output().name()));
        Dataset<Row> keys = scored.rows()
                .where(functions.col(Predictions.MODEL).equalTo(Predictions.name(model)))
                .select(Columns.named(config.keys()))
                .as("scored");
        return input.rows()
                .as("input")
                .join(keys, PredictionsWrite.sameKeys(config.keys(), "input", "scored"), "left_anti");
    }

    /**
     * The changes since the version of the input that a run of this owner has scored last. Only whole runs count, since a
     * run over an interval scores a part of a version, and only finished ones: a killed run may have left rows without a
     * prediction out of quarantine.
     *
     * @return empty when the feed cannot tell, because there is none or no such run
     */
    private Optional<Dataset<Row>> byChangeFeed(TableVersion input) {
        if (ctx.interval().isPresent() || !hasChangeFeed(input)) return Optional.empty();
        Iterator<CommitMetadata> own = ownWholeRuns();
        boolean isKilled = false;
        while (own.hasNext()) {
            CommitMetadata run = own.next();
            Optional<Long> last = versionIn(run, input);
            if (last.isEmpty()) continue;
            if (ctx.finished(run.runId())) {
                return last.filter(version -> version <= input.version()).map(version -> changed(input, version));
            }
            isKilled = true;
        }
        // Keys cannot tell which rows have changed since the killed run, and the next run will not ask again.
        return isKilled ? Optional.of(input.rows()) : Optional.empty();
    }

    private Iterator<CommitMetadata> ownWholeRuns() {
        return ctx.tables().history(config.output().name()).stream()
                .flatMap(history -> history.newestFirst().limit(WALKED))
                .flatMap(entry -> entry.millrace().stream())
                .filter(maker ->
                        maker.owner().equals(ctx.owner()) && maker.interval().isEmpty())
                .iterator();
    }

    private static Optional<Long> versionIn(CommitMetadata run, TableVersion input) {
        String prefix = input.name() + "@";
        return run.inputs().stream()
                .filter(read -> read.startsWith(prefix))
                .map(read -> Long.parseLong(read.substring(prefix.length())))
                .findFirst();
    }

    private boolean hasChangeFeed(TableVersion input) {
        Map<String, String> properties = io.delta.tables.DeltaTable.forPath(ctx.spark(), input.location())
                .detail()
                .select("properties")
                .head()
                .getJavaMap(0);
        return "true".equals(properties.get("delta.enableChangeDataFeed"));
    }

    private Dataset<Row> changed(TableVersion input, long last) {
        if (last >= input.version()) return input.rows().limit(0);
        Dataset<Row> changes = ctx.spark()
                .read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", last + 1)
                .option("endingVersion", input.version())
                .load(input.location())
                .where("_change_type IN ('insert', 'update_postimage')");
        Dataset<Row> wanted = config.input().where().isPresent()
                ? changes.where(config.input().where().get())
                : changes;
        // A row may have changed more than once: the newest state counts.
        org.apache.spark.sql.Column newest = functions
                .row_number()
                .over(org.apache.spark.sql.expressions.Window.partitionBy(Columns.named(config.keys()))
                        .orderBy(functions.col("_commit_version").desc()));
        return wanted.select(functions.col("*"), newest.as("_millrace_newest"))
                .where("_millrace_newest = 1")
                .drop("_millrace_newest", "_change_type", "_commit_version", "_commit_timestamp");
    }
}
