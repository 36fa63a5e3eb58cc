package dev.millrace.job.training;

import dev.millrace.engine.split.Split;
import dev.millrace.engine.training.MarkedRows;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.CommitMetadata;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableName;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.table.TableVersion;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Writes which rows were used for what to {@code training_sets.<input>_split}: the keys, {@code split} (train,
 * validation, test), {@code run_id} and {@code split_owner}. Each run replaces the rows of its owner, the job files with
 * the same input, label, algorithm and split; its earlier rows are in earlier versions of the table.
 */
record SplitTable(TrainConfig config, JobContext ctx) {
    private static final String SUFFIX = "_split";

    private static final String OWNER = "split_owner";
    /** Jobs whose table this is. */
    private static final List<String> OWNERS = List.of("train", "tune", "retrain");

    /**
     * @param validation the split that chose among trials
     * @return empty when no key of the rows is known, or the input is no table of the lake
     * @throws MillraceException POLICY_REFUSED when the table is somebody else's
     */
    Optional<Commit> write(TableVersion table, MarkedRows marked, Optional<Split> validation) {
        if (config.identity().isEmpty() || config.table().name().isEmpty()) return Optional.empty();
        String input = table.name();
        TableName name = TableName.parse("training_sets." + input.substring(input.lastIndexOf('.') + 1) + SUFFIX);
        requireOwn(name);
        ctx.progress().step("writing the split of the rows to " + name);
        Dataset<Row> uses = marked.uses(config, ctx.seed(), validation)
                .withColumn("run_id", functions.lit(ctx.run().id()))
                .withColumn(OWNER, functions.lit(ctx.owner()));
        OutputRef output = OutputRef.of(name);
        return Optional.of(
                knowsOwners(name)
                        ? ctx.tables().replaceWhere(output, uses, OWNER + " = '" + ctx.owner() + "'")
                        : ctx.tables().replace(output, uses));
    }

    /** False for a table of an earlier release, whose rows cannot be told apart. */
    private boolean knowsOwners(TableName name) {
        return !ctx.tables().exists(name)
                || ctx.tables().open(TableRef.of(name)).has(OWNER);
    }

    private void requireOwn(TableName name) {
        boolean own = ctx.tables()
                .history(name)
                .map(history -> history.newest(1).get(0).millrace())
                .map(maker ->
                        maker.map(CommitMetadata::job).filter(OWNERS::contains).isPresent())
                .orElse(true);
        if (own) return;
        throw new MillraceException(
                ErrorKind.POLICY_REFUSED,
                "`" + name + "` was written by another job, and this job would replace it with the split of `"
                        + config.table().table() + "`. Rename that table.");
    }
}
