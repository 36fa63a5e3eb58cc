package dev.millrace.job.eda;

import dev.millrace.engine.profile.MetricRows;
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

/**
 * Profiles a table: every column, all sketches, correlations and a sample in one pass over the rows, without a shuffle.
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
        TableProfile profile = new Profiler(
                        config.slices(), config.sample(), ctx.seed(), config.correlations() == EdaConfig.Switch.ON)
                .of(table.rows(), columns);
        List<Alert> alerts = Alerts.of(profile);
        ctx.progress().step("writing the profile");
        List<Commit> commits = write(config, ctx, table, profile, alerts);
        record(ctx, profile, alerts);
        if (config.report() == EdaConfig.Switch.ON) {
            ctx.run().artifactText("report/index.html", new EdaReport(table, profile, alerts).html());
        }
        return new EdaResult(
                commits,
                profile.whole().rows(),
                columns.size(),
                alerts.stream()
                        .map(alert -> alert.column() + ": " + alert.kind())
                        .toList());
    }

    /** The rows of this version of this table are replaced, so that running twice leaves what running once leaves. */
    private static List<Commit> write(
            EdaConfig config, JobContext ctx, TableVersion table, TableProfile profile, List<Alert> alerts) {
        ProfileRows rows = new ProfileRows(
                table, profile, alerts, ctx.run().id(), ctx.clock().instant());
        String version = "table_id = '" + table.tableId() + "' AND table_version = " + table.version();
        return List.of(
                ctx.tables()
                        .replaceWhere(
                                config.output(),
                                ctx.spark()
                                        .createDataFrame(rows.profiles(), ProfileRows.PROFILES)
                                        .repartition(1),
                                version),
                ctx.tables()
                        .replaceWhere(
                                config.metrics(),
                                ctx.spark()
                                        .createDataFrame(rows.metrics(), MetricRows.PROFILE)
                                        .repartition(1),
                                version + " AND granularity IS NULL"));
    }

    private static void record(JobContext ctx, TableProfile profile, List<Alert> alerts) {
        long cells = 0;
        long missing = 0;
        for (var column : profile.whole().columns()) {
            cells += column.rows();
            missing += column.nulls();
        }
        ctx.run().metric("rows", (double) profile.whole().rows());
        if (cells > 0) ctx.run().metric("missing_share", (double) missing / cells);
        ctx.run().metric("duplicate_share", Alerts.duplicateShare(profile.whole()));
        for (Alert.Level level : Alert.Level.values()) {
            long count = alerts.stream().filter(alert -> alert.level() == level).count();
            ctx.run().metric("alerts_" + level.name().toLowerCase(Locale.ROOT), (double) count);
        }
    }
}
