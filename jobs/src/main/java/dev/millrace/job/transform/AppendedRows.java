package dev.millrace.job.transform;

import dev.millrace.job.JobContext;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.CommitMetadata;
import dev.millrace.platform.table.DeltaHistory;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.table.TableVersion;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows appended to an input since the table was made of it. Only where nothing else changed: the newest commit of
 * the table is of this query, all other inputs are at the versions they had then, and the change feed of the input has
 * inserts alone since. Otherwise the table is made as a whole.
 *
 * @param digest of the query
 */
record AppendedRows(TransformConfig config, JobContext ctx, Map<String, TableVersion> inputs, String digest) {
    private static final String CHANGE = "_change_type";

    Optional<Dataset<Row>> of(String name) {
        if (ctx.interval().isPresent()) return Optional.empty();
        Optional<CommitMetadata> last = lastMade();
        if (last.isEmpty()) return Optional.empty();
        TableVersion input = inputs.get(name);
        Optional<Long> before = versionIn(last.get(), input);
        boolean othersAreTheSame = inputs.entrySet().stream()
                .filter(other -> !other.getKey().equals(name))
                .allMatch(other -> versionIn(last.get(), other.getValue())
                        .equals(Optional.of(other.getValue().version())));
        boolean isNewer = before.isPresent() && before.get() < input.version();
        if (!isNewer || !othersAreTheSame || !hasChangeFeed(input)) return Optional.empty();
        return appended(input, before.get() + 1, config.inputs().get(name));
    }

    /** How the newest commit of the table was made, when it was by a finished run of this query, not over an interval. */
    private Optional<CommitMetadata> lastMade() {
        Optional<DeltaHistory> history = ctx.tables().history(config.output().name());
        if (history.isEmpty() || !ctx.tables().exists(config.output().name())) return Optional.empty();
        boolean isOurs = new Lineage(inputs, digest)
                .made(ctx.tables().schema(config.output().name()));
        if (!isOurs) return Optional.empty();
        return history.get().newest(1).stream()
                .findFirst()
                .flatMap(DeltaHistory.Entry::millrace)
                .filter(made ->
                        made.job().equals("transform") && made.interval().isEmpty())
                .filter(made -> ctx.finished(made.runId()));
    }

    private static Optional<Long> versionIn(CommitMetadata made, TableVersion input) {
        String prefix = input.name() + "@";
        return made.inputs().stream()
                .filter(read -> read.startsWith(prefix))
                .map(read -> Long.parseLong(read.substring(prefix.length())))
                .findFirst();
    }

    private boolean hasChangeFeed(TableVersion input) {
        Row detail = io.delta.tables.DeltaTable.forPath(ctx.spark(), input.location())
                .detail()
                .head();
        Map<String, String> properties = detail.getJavaMap(detail.fieldIndex("properties"));
        return "true".equals(properties.get("delta.enableChangeDataFeed"));
    }

    private Optional<Dataset<Row>> appended(TableVersion input, long from, TableRef ref) {
        Dataset<Row> changes = ctx.spark()
                .read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", from)
                .option("endingVersion", input.version())
                .load(input.location());
        boolean onlyInserts =
                changes.where(Columns.named(CHANGE).notEqual("insert")).isEmpty();
        if (!onlyInserts) return Optional.empty();
        Dataset<Row> rows = ref.where().isPresent() ? changes.where(ref.where().get()) : changes;
        return Optional.of(
                rows.select(Columns.named(java.util.List.of(input.schema().fieldNames()))));
    }
}
