package dev.millrace.job.features;

import dev.millrace.engine.feature.Expressions;
import dev.millrace.engine.feature.FeatureCatalog;
import dev.millrace.engine.feature.FeatureCatalog.Role;
import dev.millrace.engine.feature.GridStep;
import dev.millrace.engine.feature.LabelHistory;
import dev.millrace.engine.feature.LateFacts;
import dev.millrace.engine.feature.WindowPlan;
import dev.millrace.engine.feature.WindowedRows;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Makes a feature table: windowed aggregates of the events of each entity, at every event or on a grid of moments. One
 * pass over the source and one shuffle for all of them; labels add their join. With an interval only the rows of that
 * time are made anew, from the events of the time and of the longest window before it. See docs/jobs/features.md.
 */
public final class FeaturesJob implements Job<FeaturesConfig, FeaturesResult> {
    @Override
    public String name() {
        return "features";
    }

    @Override
    public Class<FeaturesConfig> configType() {
        return FeaturesConfig.class;
    }

    @Override
    public FeaturesResult run(FeaturesConfig config, JobContext ctx) {
        TableVersion source = ctx.tables().open(config.source());
        requireColumns(config, source);
        Dataset<Row> events = events(config, ctx, source);
        WindowPlan plan = plan(config, events, source);
        ctx.progress()
                .step("computing " + plan.columns().size() + " windowed features by "
                        + String.join(", ", config.entity()) + " from " + source.printed());
        Dataset<Row> features = features(config, ctx, events, plan);
        Dataset<Row> described = described(config, source, features, plan);
        String time = Columns.quoted(config.timeColumn());
        Commit commit = ctx.interval().isPresent()
                ? ctx.tables()
                        .replaceWhere(
                                config.output(), described, ctx.interval().get().where(time))
                : ctx.tables().replace(config.output(), described);
        return new FeaturesResult(
                commit, plan.columns().size() + config.expressions().size());
    }

    private static void requireColumns(FeaturesConfig config, TableVersion source) {
        List<String> named = new ArrayList<>(config.entity());
        named.add(config.timeColumn());
        named.addAll(config.key());
        named.addAll(config.keep());
        config.labels().ifPresent(labels -> named.addAll(labels.keys()));
        config.createdColumn().ifPresent(named::add);
        source.require(named);
        source.requireTimes(List.of(config.timeColumn()));
        source.requireTimes(config.createdColumn().stream().toList());
    }

    /** The events with what became known of them later; an event once for each label it ever had. */
    static Dataset<Row> events(FeaturesConfig config, JobContext ctx, TableVersion source) {
        Dataset<Row> events = source.rows();
        if (config.labels().isEmpty()) return events;
        LabelSource declared = config.labels().get();
        TableVersion labels = ctx.tables().open(declared.table().orElseThrow());
        List<String> taken = Stream.concat(declared.taken().stream(), declared.createdColumn().stream())
                .distinct()
                .toList();
        labels.require(Stream.concat(declared.keys().stream(), taken.stream()).toList());
        labels.requireTimes(declared.createdColumn().stream().toList());
        List<String> clashes = taken.stream().filter(source::has).toList();
        if (!clashes.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "`" + labels.printed() + "` and `" + source.printed() + "` both have `"
                            + String.join("`, `", clashes) + "`. Remove it from `labels.columns`, or from the source by"
                            + " `columns`.");
        }
        return new LabelHistory(declared, config.timeColumn()).versions(events, labels.rows());
    }

    private static WindowPlan plan(FeaturesConfig config, Dataset<Row> events, TableVersion source) {
        WindowPlan plan = WindowPlan.of(
                config.features(),
                config.defaults(),
                events,
                config.labels()
                        .map(labels -> new LateFacts(labels.taken(), labels.createdColumn()))
                        .orElse(LateFacts.NONE),
                "Table `" + source.name() + "` version " + source.version());
        Set<String> names = new TreeSet<>(config.entity());
        names.add(config.timeColumn());
        if (config.grain().isEvent()) names.addAll(config.key());
        names.addAll(config.keep());
        names.addAll(config.expressions().keySet());
        for (String name : plan.names()) {
            if (names.add(name)) continue;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "Two columns of `" + config.output().name() + "` would have the name `" + name
                            + "`. Use different feature names; `{window}` is replaced by the window length.");
        }
        return plan;
    }

    static Dataset<Row> features(FeaturesConfig config, JobContext ctx, Dataset<Row> events, WindowPlan plan) {
        WindowedRows windows = new WindowedRows(config.entity(), plan);
        String time = config.timeColumn();
        Dataset<Row> wanted = needed(config, ctx.interval(), events, plan);
        if (!config.grain().isEvent()) {
            WindowedRows.Range range = ctx.interval()
                    .map(interval -> new WindowedRows.Range(interval.start(), interval.end()))
                    .orElseGet(() -> untilLast(events, config));
            return windows.onGrid(wanted, time, config.grain().step().orElseThrow(), config.key(), range);
        }
        WindowedRows.Range range = ctx.interval()
                .map(interval -> new WindowedRows.Range(interval.start(), interval.end()))
                .orElse(WindowedRows.Range.ALL);
        List<String> carried = carried(config, events, plan);
        return windows.atEvents(wanted, time, carried, config.key(), range);
    }

    /** With an interval: its events, and those before it that some window of it can see. */
    private static Dataset<Row> needed(
            FeaturesConfig config, Optional<Interval> interval, Dataset<Row> events, WindowPlan plan) {
        if (interval.isEmpty()) return events;
        long step =
                config.grain().step().map(grid -> grid.length().longestMicros()).orElse(0L);
        Instant from = interval.get().start().minus(Math.addExact(plan.lookbackMicros(), step), ChronoUnit.MICROS);
        return events.where(new Interval(from, interval.get().end()).where(Columns.quoted(config.timeColumn())));
    }

    /** Up to the first step at or after the last event: later ones are nobody's present yet. One pass over a column. */
    private static WindowedRows.Range untilLast(Dataset<Row> events, FeaturesConfig config) {
        Row newest = events.agg(functions.max(Columns.named(config.timeColumn()).cast(DataTypes.TimestampType)))
                .head();
        if (newest.isNullAt(0)) return WindowedRows.Range.ALL;
        GridStep step = config.grain().step().orElseThrow();
        long last = step.ceiling(ChronoUnit.MICROS.between(Instant.EPOCH, newest.getInstant(0)));
        return new WindowedRows.Range(
                WindowedRows.Range.ALL.from(),
                Instant.EPOCH.plus(last, ChronoUnit.MICROS).plusNanos(1_000));
    }

    /** Keys, kept columns, and what the expressions read of the source. */
    private static List<String> carried(FeaturesConfig config, Dataset<Row> events, WindowPlan plan) {
        Set<String> carried = new java.util.LinkedHashSet<>(config.key());
        carried.addAll(config.keep());
        if (!config.expressions().isEmpty()) {
            List<Column> all = new ArrayList<>(List.of(Columns.named(List.of(events.columns()))));
            List<String> present = List.of(events.columns());
            for (WindowPlan.Feature feature : plan.columns()) {
                if (!present.contains(feature.name()))
                    all.add(functions.lit(null).cast(feature.type()).as(feature.name()));
            }
            Dataset<Row> finished = events.select(all.toArray(Column[]::new));
            Set<String> read = Expressions.columns(selected(finished, config));
            read.removeAll(plan.names());
            requireKnown(config, read);
            carried.addAll(read);
        }
        carried.removeAll(config.entity());
        carried.remove(config.timeColumn());
        return List.copyOf(carried);
    }

    /** A label is no property of its event's moment: by then it had not arrived. */
    private static void requireKnown(FeaturesConfig config, Set<String> read) {
        List<String> late = config.labels()
                .map(labels -> Stream.concat(labels.taken().stream(), labels.createdColumn().stream()))
                .orElse(Stream.empty())
                .filter(read::contains)
                .toList();
        if (late.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`expressions` of `" + config.output().name() + "` read `" + String.join("`, `", late)
                        + "` of `labels`, which is not known at the time of the row. Use a feature that aggregates it instead.");
    }

    private static Dataset<Row> selected(Dataset<Row> rows, FeaturesConfig config) {
        try {
            return rows.selectExpr(config.expressions().values().toArray(String[]::new));
        } catch (Exception refused) {
            boolean theirs = refused instanceof AnalysisException
                    || refused.getClass().getSimpleName().contains("Parse");
            if (!theirs) throw refused;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`expressions` of `" + config.output().name() + "`: "
                            + String.valueOf(refused.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""),
                    refused);
        }
    }

    /** The columns of the table in order, each with its entry of the catalog. */
    private static Dataset<Row> described(
            FeaturesConfig config, TableVersion source, Dataset<Row> features, WindowPlan plan) {
        Map<String, Object> common = new LinkedHashMap<>();
        common.put("source", source.name());
        config.owner().ifPresent(owner -> common.put("owner", owner));
        if (!config.tags().isEmpty()) common.put("tags", config.tags());
        String about = config.description().orElse("");
        selected(features, config); // an unknown column is told with its name before anything is computed
        List<Column> columns = new ArrayList<>();
        for (String column : config.entity()) columns.add(entry(column, Role.ENTITY, about, common));
        columns.add(entry(config.timeColumn(), Role.TIME, "time of the features", common));
        if (config.grain().isEvent()) {
            for (String column : config.key()) columns.add(entry(column, Role.KEY, "", common));
        }
        config.keep().forEach(column -> columns.add(Columns.named(column)));
        for (WindowPlan.Feature feature : plan.columns()) {
            columns.add(entry(feature.name(), Role.FEATURE, feature.description(), common));
        }
        config.expressions().forEach((name, sql) -> {
            Map<String, Object> facts = new LinkedHashMap<>(common);
            facts.put("expression", sql);
            columns.add(FeatureCatalog.described(functions.expr(sql), name, Role.FEATURE, sql, facts));
        });
        return features.select(columns.toArray(Column[]::new));
    }

    private static Column entry(String column, Role role, String comment, Map<String, Object> facts) {
        return FeatureCatalog.described(Columns.named(column), column, role, comment, facts);
    }
}
