package dev.millrace.job.eda;

import dev.millrace.engine.eda.Alert;
import dev.millrace.engine.eda.Alerts;
import dev.millrace.engine.eda.EdaReport;
import dev.millrace.engine.eda.ProfileRows;
import dev.millrace.engine.scan.ColumnFacts;
import dev.millrace.engine.scan.Profiler;
import dev.millrace.engine.scan.TableProfile;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Profiles a table: every column, all sketches, correlations and a sample in one pass that moves no rows.
 * See docs/jobs/eda.md.
 */
public final class EdaJob implements Job<EdaConfig, EdaResult> {
    @Override
    public String name() {
        return "eda";
    }

    @Override
    public Class<EdaConfig> configType() {
        return EdaConfig.class;
    }

    @Override
    public EdaResult run(EdaConfig config, JobContext ctx) {
        TableVersion table = ctx.tables().open(config.table());
        List<String> columns =
                config.columns().isEmpty() ? Arrays.asList(table.schema().fieldNames()) : config.columns();
        List<String> needed = new ArrayList<>(columns);
        needed.addAll(config.slices());
        table.require(needed);
        ctx.progress().step(String.format(Locale.ROOT, "profiling %d columns of %s", columns.size(), table.printed()));
        Profiler profiler = new Profiler(
                config.slices(), config.sample(), ctx.seed(), config.correlations() == EdaConfig.Switch.ON);
        try (TableProfile profile = profiler.of(table.rows(), columns)) {
            warn(ctx, profile);
            List<Alert> alerts = Alerts.of(profile);
            ctx.progress().step("writing the profile");
            List<Commit> commits = write(config, ctx, table, profile, alerts);
            record(ctx, profile, alerts);
            if (config.report() == EdaConfig.Switch.ON) {
                ctx.run().artifactText("report/index.html", new EdaReport(table, profile, alerts).html());
            }
            return new EdaResult(
                    commits,
                    profile.rows(),
                    columns.size(),
                    alerts.stream()
                            .map(alert -> alert.column() + ": " + alert.kind())
                            .toList());
        }
    }

    private static void warn(JobContext ctx, TableProfile profile) {
        int[] sampled = profile.sampled();
        if (sampled[1] < sampled[0]) {
            ctx.progress()
                    .warn(String.format(
                            Locale.ROOT,
                            "The sample has %,d hashes but only %,d rows: the rows are large, and the sample stores at"
                                    + " most 8 MiB of them. Profile fewer `columns` for more rows.",
                            sampled[0],
                            sampled[1]));
        }
    }

    /** The rows of this version of this table are replaced, so that running twice leaves what running once leaves. */
    private static List<Commit> write(
            EdaConfig config, JobContext ctx, TableVersion table, TableProfile profile, List<Alert> alerts) {
        ProfileRows rows = ProfileRows.of(
                table,
                profile,
                alerts,
                new ProfileRows.Run(ctx.run().id(), ctx.clock().instant()));
        String version = "table_id = '" + table.tableId() + "' AND table_version = " + table.version();
        return List.of(
                ctx.tables().replaceWhere(config.output(), frame(ctx, rows.profiles(profile)), version),
                ctx.tables()
                        .replaceWhere(
                                config.metrics(),
                                frame(ctx, rows.metrics(profile)),
                                version + " AND granularity IS NULL"));
    }

    private static Dataset<Row> frame(JobContext ctx, ProfileRows.Rows rows) {
        return ctx.spark()
                .createDataFrame(rows.wholes(), rows.schema())
                .repartition(1)
                .union(ctx.spark().createDataFrame(rows.columns(), rows.schema()));
    }

    private static void record(JobContext ctx, TableProfile profile, List<Alert> alerts) {
        long cells = 0;
        long missing = 0;
        for (ColumnFacts column : profile.facts()) {
            cells += column.rows();
            missing += column.nulls();
        }
        ctx.run().metric("rows", (double) profile.rows());
        if (cells > 0) ctx.run().metric("missing_share", (double) missing / cells);
        ctx.run().metric("duplicate_share", profile.duplicateShare());
        for (Alert.Level level : Alert.Level.values()) {
            long count = alerts.stream().filter(alert -> alert.level() == level).count();
            ctx.run().metric("alerts_" + level.name().toLowerCase(Locale.ROOT), (double) count);
        }
    }
}
