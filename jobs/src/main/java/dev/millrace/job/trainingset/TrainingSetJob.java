package dev.millrace.job.trainingset;

import dev.millrace.engine.feature.AsOfRows;
import dev.millrace.engine.feature.FeatureCatalog;
import dev.millrace.engine.feature.FeatureCatalog.Role;
import dev.millrace.engine.feature.LabelledRows;
import dev.millrace.engine.feature.LateFacts;
import dev.millrace.engine.feature.WindowPlan;
import dev.millrace.engine.feature.WindowedRows;
import dev.millrace.engine.split.SetSplit;
import dev.millrace.engine.split.SetSplits;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Puts together what a model learns from: rows with their label, and the features as they were known at each row's own
 * moment. One shuffle for the label, when it is in another table, and one for each feature table or block of windows.
 * See docs/jobs/training-set.md.
 */
public final class TrainingSetJob implements Job<TrainingSetConfig, TrainingSetResult> {
    @Override
    public String name() {
        return "training-set";
    }

    @Override
    public Class<TrainingSetConfig> configType() {
        return TrainingSetConfig.class;
    }

    @Override
    public TrainingSetResult run(TrainingSetConfig config, JobContext ctx) {
        TableVersion spine = ctx.tables().open(config.spine());
        List<String> named = new ArrayList<>(config.key());
        named.add(config.timeColumn());
        spine.require(named);
        spine.requireTimes(List.of(config.timeColumn()));
        Dataset<Row> rows = labelled(config, ctx, spine);
        int before = rows.columns().length;
        for (TrainingSetConfig.From from : config.features()) rows = joined(rows, from, config, ctx);
        for (TrainingSetConfig.Exact exact : config.windows()) rows = computed(rows, exact, config, ctx);
        rows = withExpressions(rows, config);
        int features = rows.columns().length - before;
        rows = split(rows, config, ctx.seed());
        ctx.progress().step("joining " + features + " features at `" + config.timeColumn() + "` to " + spine.printed());
        Commit commit = ctx.interval().isPresent()
                ? ctx.tables()
                        .replaceWhere(
                                config.output(), rows, ctx.interval().get().where(Columns.quoted(config.timeColumn())))
                : ctx.tables().replace(config.output(), rows);
        return new TrainingSetResult(commit, features);
    }

    private static Dataset<Row> labelled(TrainingSetConfig config, JobContext ctx, TableVersion spine) {
        LabelSource declared = config.declaredLabels();
        Dataset<Row> rows = plain(spine.rows());
        if (ctx.interval().isPresent()) {
            rows = rows.where(ctx.interval().get().where(Columns.quoted(config.timeColumn())));
        }
        List<String> named = new ArrayList<>(List.of(config.labelColumn()));
        declared.createdColumn().ifPresent(named::add);
        if (declared.table().isEmpty()) {
            spine.require(named);
            spine.requireTimes(declared.createdColumn().stream().toList());
            requireOwnTable(declared);
            return labelledRows(config).ofSpine(rows);
        }
        TableVersion labels = ctx.tables().open(declared.table().get());
        if (!declared.keys().isEmpty() && declared.keys().size() != config.key().size()) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`labels.keys` names " + declared.keys().size() + " columns, `key` "
                            + config.key().size() + "; both must name the same number of columns.");
        }
        named.addAll(declared.keys().isEmpty() ? config.key() : declared.keys());
        labels.require(named);
        labels.requireTimes(declared.createdColumn().stream().toList());
        requireNew(rows, List.of(config.labelColumn()), labels.printed());
        return labelledRows(config).joined(rows, labels.rows());
    }

    private static LabelledRows labelledRows(TrainingSetConfig config) {
        return new LabelledRows(
                config.declaredLabels(), config.key(), config.timeColumn(), config.asOf(), config.split());
    }

    private static void requireOwnTable(LabelSource declared) {
        if (declared.missingAs().isEmpty() && declared.keys().isEmpty()) return;
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`labels.keys`, `missing-as` and `after` require `labels.table`; without it"
                        + " the label is a column of the spine.");
    }

    /** Without the metadata of the source's columns: the training set is no feature table. */
    private static Dataset<Row> plain(Dataset<Row> rows) {
        Column[] columns = java.util.Arrays.stream(rows.columns())
                .map(name -> Columns.named(name).as(name, org.apache.spark.sql.types.Metadata.empty()))
                .toArray(Column[]::new);
        return rows.select(columns);
    }

    private static Dataset<Row> joined(
            Dataset<Row> rows, TrainingSetConfig.From from, TrainingSetConfig config, JobContext ctx) {
        TableVersion table = ctx.tables().open(from.table());
        List<String> entity = from.entity().isEmpty() ? byCatalog(table, Role.ENTITY, "entity") : from.entity();
        String time = from.timeColumn()
                .orElseGet(() -> byCatalog(table, Role.TIME, "time-column").get(0));
        List<String> features = from.columns().isEmpty() ? features(table, entity, time) : from.columns();
        table.require(entity);
        table.requireTimes(List.of(time));
        table.require(features);
        Columns.require(rows.schema(), entity, "The spine `" + config.spine().table() + "`");
        requireNew(rows, features, table.printed());
        List<String> key = FeatureCatalog.columns(table.schema(), Role.KEY);
        boolean sameKey = !key.isEmpty() && List.of(rows.columns()).containsAll(key);
        AsOfRows join = new AsOfRows(
                entity,
                sameKey ? key : List.of(),
                features,
                micros(from.lag()),
                from.maxAge().map(TrainingSetJob::micros).orElse(Long.MAX_VALUE));
        return join.join(rows, config.timeColumn(), plain(table.rows()), time);
    }

    private static List<String> byCatalog(TableVersion table, Role role, String key) {
        List<String> found = FeatureCatalog.columns(table.schema(), role);
        if (!found.isEmpty()) return found;
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`" + table.printed() + "` was not written by the features job and does not specify its "
                        + role.name().toLowerCase(java.util.Locale.ROOT) + ". Set `features: [{table: "
                        + table.name() + ", " + key + ": …}]`.");
    }

    /** All features of the catalog, or every column that is nothing else. */
    private static List<String> features(TableVersion table, List<String> entity, String time) {
        if (FeatureCatalog.isThere(table.schema())) return FeatureCatalog.columns(table.schema(), Role.FEATURE);
        List<String> features = new ArrayList<>(List.of(table.schema().fieldNames()));
        features.removeAll(entity);
        features.remove(time);
        return features;
    }

    private static Dataset<Row> computed(
            Dataset<Row> rows, TrainingSetConfig.Exact exact, TrainingSetConfig config, JobContext ctx) {
        TableVersion source = ctx.tables().open(exact.source());
        List<String> named = new ArrayList<>(exact.entity());
        named.add(exact.timeColumn());
        named.addAll(exact.key());
        exact.createdColumn().ifPresent(named::add);
        source.require(named);
        source.requireTimes(List.of(exact.timeColumn()));
        Columns.require(
                rows.schema(), exact.entity(), "The spine `" + config.spine().table() + "`");
        Dataset<Row> events = source.rows();
        WindowPlan plan = WindowPlan.of(
                exact.features(),
                exact.defaults(),
                events,
                LateFacts.NONE,
                "Table `" + source.name() + "` version " + source.version());
        requireNew(rows, plan.names(), source.printed());
        return new WindowedRows(exact.entity(), plan)
                .atQuestions(events, exact.timeColumn(), exact.key(), rows, config.timeColumn());
    }

    private static void requireNew(Dataset<Row> rows, List<String> columns, String from) {
        List<String> present = List.of(rows.columns());
        List<String> clashes = columns.stream().filter(present::contains).toList();
        if (clashes.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "`" + from + "` has `" + String.join("`, `", clashes)
                        + "`, which the training set already has. Select the `columns` of each table.");
    }

    private static Dataset<Row> withExpressions(Dataset<Row> rows, TrainingSetConfig config) {
        if (config.expressions().isEmpty()) return rows;
        List<Column> columns = new ArrayList<>(List.of(functions.col("*")));
        config.expressions()
                .forEach((name, sql) -> columns.add(functions.expr(sql).as(name)));
        requireNew(rows, List.copyOf(config.expressions().keySet()), "expressions");
        try {
            return rows.select(columns.toArray(Column[]::new));
        } catch (Exception refused) {
            boolean theirs = refused instanceof AnalysisException
                    || refused.getClass().getSimpleName().contains("Parse");
            if (!theirs) throw refused;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`training-set.expressions`: "
                            + String.valueOf(refused.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""),
                    refused);
        }
    }

    private static Dataset<Row> split(Dataset<Row> rows, TrainingSetConfig config, long seed) {
        if (config.split().isEmpty()) return rows;
        requireNew(rows, List.of(SetSplit.COLUMN), config.spine().table());
        Column mark = new SetSplits(config.timeColumn(), seed)
                .mark(rows.schema(), config.split().get());
        return rows.select(functions.col("*"), mark.as(SetSplit.COLUMN));
    }

    private static long micros(Duration duration) {
        return Math.multiplyExact(duration.toMillis(), 1_000);
    }
}
