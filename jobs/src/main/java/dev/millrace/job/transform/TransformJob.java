package dev.millrace.job.transform;

import dev.millrace.engine.feature.FeatureCatalog;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
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
                .step("writing `" + config.output().name() + "` from "
                        + String.join(
                                ", ",
                                inputs.values().stream()
                                        .map(TableVersion::printed)
                                        .toList()));
        new RowChecks(config).require(described);
        return written(config, ctx, described, changes.isPresent(), inputs);
    }

    private static DeclaredQuery query(TransformConfig config, JobContext ctx, Map<String, Dataset<Row>> rows) {
        String key = config.sql().isPresent() ? "transform.sql" : "transform.expressions";
        return DeclaredQuery.of(ctx.spark(), rows, config.query(), key);
    }

    private static TransformResult written(
            TransformConfig config,
            JobContext ctx,
            Dataset<Row> rows,
            boolean isAppended,
            Map<String, TableVersion> inputs) {
        int columns = rows.columns().length;
        if (ctx.interval().isPresent()) {
            Commit commit = ctx.tables().replaceWhere(config.output(), rows, intervalOf(config, ctx));
            return new TransformResult(commit, "interval", columns);
        }
        if (isAppended) {
            TableVersion input = inputs.get(config.changesOf().orElseThrow());
            Commit commit = ctx.tables()
                    .append(
                            config.output(),
                            rows,
                            "transform/" + config.output().name(),
                            input.version());
            return new TransformResult(commit, "changes", columns);
        }
        return new TransformResult(ctx.tables().replace(config.output(), rows), "whole", columns);
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
                "`changes-of: " + input + "` requires a query that processes each row of `" + input
                        + "` independently, but " + reason
                        + ". Remove `changes-of`; the job then replaces the whole table.");
    }

    private static String intervalOf(TransformConfig config, JobContext ctx) {
        String time = config.timeColumn()
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.CONFIG,
                        "A run over an interval requires `time-column`, the TIMESTAMP or DATE column of the result that"
                                + " selects the rows to replace."));
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

    /** What every row must satisfy, counted before anything is written. */
    private record RowChecks(TransformConfig config) {
        void require(Dataset<Row> rows) {
            List<String> names = new ArrayList<>();
            List<Column> broken = new ArrayList<>();
            for (String column : config.notNull()) {
                names.add("`" + column + "` is NULL");
                broken.add(functions.count_if(Columns.named(column).isNull()).as("rule_" + broken.size()));
            }
            for (TransformConfig.Rule rule : config.rules()) {
                names.add("`" + rule.printed() + "` does not hold");
                Column holds = functions.coalesce(functions.expr(rule.where()), functions.lit(true));
                broken.add(functions.count_if(functions.not(holds)).as("rule_" + broken.size()));
            }
            if (broken.isEmpty()) return;
            Row counts = counted(rows, broken);
            List<String> failed = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                if (counts.getLong(i) > 0) failed.add(names.get(i) + " in " + counts.getLong(i) + " rows");
            }
            if (failed.isEmpty()) return;
            throw new MillraceException(
                    ErrorKind.QUALITY_GATE,
                    "`" + config.output().name() + "` was not written: " + String.join("; ", failed)
                            + ". Correct the query or the inputs, or change the rule.");
        }

        private Row counted(Dataset<Row> rows, List<Column> broken) {
            try {
                return rows.select(broken.toArray(Column[]::new)).head();
            } catch (Exception refused) {
                if (!(refused instanceof AnalysisException)) throw refused;
                throw new MillraceException(
                        ErrorKind.CONFIG,
                        "A condition of `transform.rules` is none on the result (" + String.join(", ", rows.columns())
                                + "): " + SparkErrors.firstLine(refused),
                        refused);
            }
        }
    }
}
