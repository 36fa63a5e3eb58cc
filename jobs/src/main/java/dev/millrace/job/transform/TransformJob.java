package dev.millrace.job.transform;

import dev.millrace.engine.feature.FeatureCatalog;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.job.QualityResults;
import dev.millrace.job.Quarantine;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Makes a table of others by declared SQL: derived columns, joins, unions, pivots. The inputs are pinned and the query
 * may depend on them alone, so the same inputs give the same table. See docs/jobs/transform.md.
 */
public final class TransformJob implements Job<TransformConfig, TransformResult> {
    @Override
    public String name() {
        return "transform";
    }

    @Override
    public Class<TransformConfig> configType() {
        return TransformConfig.class;
    }

    @Override
    public TransformResult run(TransformConfig config, JobContext ctx) {
        Map<String, TableVersion> inputs = new LinkedHashMap<>();
        config.inputs().forEach((name, ref) -> inputs.put(name, ctx.tables().open(ref)));
        Map<String, Dataset<Row>> rows = new LinkedHashMap<>();
        inputs.forEach((name, input) -> rows.put(name, input.rows()));
        DeclaredQuery query = query(config, ctx, rows);
        requireColumns(config, query);
        String digest = Lineage.digest(config);
        Optional<Dataset<Row>> changes = config.changesOf().flatMap(name -> {
            query.plan().notByRow(name).ifPresent(reason -> refuseChanges(name, reason));
            return new AppendedRows(config, ctx, inputs, digest).of(name);
        });
        if (changes.isPresent()) rows.put(config.changesOf().orElseThrow(), changes.get());
        Dataset<Row> made = changes.isPresent() ? query(config, ctx, rows).rows() : query.rows();
        if (ctx.interval().isPresent()) made = made.where(intervalOf(config, ctx));
        Dataset<Row> described = described(
                config, made, new Lineage(inputs, digest), query.plan().origins());
        ctx.progress()
                .step("making `" + config.output().name() + "` of "
                        + String.join(
                                ", ",
                                inputs.values().stream()
                                        .map(TableVersion::printed)
                                        .toList()));
        RowChecks.Judged judged = new RowChecks(config, ctx).judge(described);
        return written(config, ctx, judged, changes.map(appended -> inputs.get(
                        config.changesOf().orElseThrow())
                .version()));
    }

    private static DeclaredQuery query(TransformConfig config, JobContext ctx, Map<String, Dataset<Row>> rows) {
        String key = config.sql().isPresent() ? "transform.sql" : "transform.expressions";
        return DeclaredQuery.of(ctx.spark(), rows, config.query(), key);
    }

    /**
     * The table, then its quarantine by the same rule, so that each row of the result is in one of them. Until the run has
     * its record it is not done, and the next run writes the whole table and its quarantine (docs/decisions/0413).
     *
     * @param changes version of the input whose appended rows these are; empty when they are those of the whole
     */
    private static TransformResult written(
            TransformConfig config, JobContext ctx, RowChecks.Judged judged, Optional<Long> changes) {
        Quarantine quarantine = new Quarantine(config.output().name(), ctx);
        String application = "transform/" + config.output().name();
        String how;
        Commit commit;
        Optional<Commit> rejected;
        if (ctx.interval().isPresent()) {
            how = "interval";
            commit = ctx.tables().replaceWhere(config.output(), judged.good(), intervalOf(config, ctx));
            rejected = replaced(quarantine, judged, ctx.interval().get().where(Quarantine.EVENT_TIME));
        } else if (changes.isPresent()) {
            how = "changes";
            commit = ctx.tables().append(config.output(), judged.good(), application, changes.get());
            String ofTable = application + "/" + commit.tableId();
            rejected = judged.rejected().map(rows -> quarantine.append(rows, ofTable, changes.get()));
        } else {
            how = "whole";
            commit = ctx.tables().replace(config.output(), judged.good());
            rejected = replaced(quarantine, judged, "true");
        }
        List<Commit> others = new ArrayList<>();
        rejected.ifPresent(others::add);
        QualityResults.write(ctx, commit, judged.results()).ifPresent(others::add);
        return new TransformResult(commit, others, how, judged.good().columns().length, judged.quarantined());
    }

    private static Optional<Commit> replaced(Quarantine quarantine, RowChecks.Judged judged, String which) {
        return judged.rejected().isPresent()
                ? Optional.of(quarantine.replace(judged.rejected().get(), which))
                : quarantine.remove(which);
    }

    private static void requireColumns(TransformConfig config, DeclaredQuery query) {
        String owner = "The result of the query";
        Columns.requireWritable(query.rows().schema(), config.output().name().toString());
        Columns.require(query.rows().schema(), config.columns().keySet(), owner);
        Columns.require(query.rows().schema(), config.notNull(), owner);
        config.timeColumn().ifPresent(time -> {
            Columns.require(query.rows().schema(), List.of(time), owner);
            DataType type = query.rows().schema().apply(time).dataType();
            boolean isTime = type.equals(DataTypes.TimestampType)
                    || type.equals(DataTypes.TimestampNTZType)
                    || type.equals(DataTypes.DateType);
            if (isTime) return;
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "`time-column` (" + time + ") is " + type.sql()
                            + " in the result; it must be a TIMESTAMP or DATE.");
        });
    }

    private static void refuseChanges(String input, String reason) {
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`changes-of: " + input + "` needs a query that treats each row of `" + input + "` by itself, but "
                        + reason + ". Leave `changes-of` out; the table is then made as a whole.");
    }

    private static String intervalOf(TransformConfig config, JobContext ctx) {
        String time = config.timeColumn()
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.CONFIG,
                        "A run over an interval needs `time-column`: the column of the result whose rows of that time are"
                                + " replaced."));
        return ctx.interval().orElseThrow().where(Columns.quoted(time));
    }

    /** Each column with its description and origin in its metadata. */
    private static Dataset<Row> described(
            TransformConfig config, Dataset<Row> rows, Lineage lineage, List<Set<String>> origins) {
        List<Column> columns = new ArrayList<>();
        String[] names = rows.columns();
        for (int i = 0; i < names.length; i++) {
            String comment = config.columns().getOrDefault(names[i], "");
            columns.add(
                    FeatureCatalog.noted(Columns.named(names[i]), names[i], comment, lineage.facts(origins.get(i))));
        }
        return rows.select(columns.toArray(Column[]::new));
    }
}
