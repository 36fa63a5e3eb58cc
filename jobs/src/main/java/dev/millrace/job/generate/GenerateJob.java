package dev.millrace.job.generate;

import dev.millrace.engine.generate.LandingFiles;
import dev.millrace.engine.generate.SimulatedRows;
import dev.millrace.engine.simulate.CardSimulation;
import dev.millrace.engine.simulate.CardSimulator;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.OutputRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Simulates card transactions and their labels. The same section and seed give the same files, byte for byte, whatever
 * the cluster; with an interval only what arrives in it is written, so that days can be made one by one. See
 * docs/jobs/generate.md.
 */
public final class GenerateJob implements Job<GenerateConfig, GenerateResult> {
    /** Part of the digest: rises when the same section would make other rows. */
    private static final String MODEL = "card-1";

    private static final Duration DAY = Duration.ofDays(1);

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public Class<GenerateConfig> configType() {
        return GenerateConfig.class;
    }

    @Override
    public boolean resultRemains(GenerateConfig config, JobContext ctx) {
        return config.landing()
                .map(wanted -> landing(wanted, config, ctx).complete(ctx.interval()))
                .orElse(true);
    }

    @Override
    public GenerateResult run(GenerateConfig config, JobContext ctx) {
        ctx.interval().ifPresent(GenerateJob::requireDays);
        Optional<GenerateResult> files =
                config.landing().map(wanted -> writeFiles(wanted, landing(wanted, config, ctx), config, ctx));
        Optional<GenerateResult> tables = config.tables().map(wanted -> writeTables(wanted, config, ctx));
        return files.map(written ->
                        tables.map(more -> written.with(more.tables())).orElse(written))
                .or(() -> tables)
                .orElseThrow();
    }

    private static GenerateResult writeFiles(
            GenerateConfig.Files wanted, LandingFiles landing, GenerateConfig config, JobContext ctx) {
        CardSimulation world = config.simulation(ctx.seed());
        landing.requireOwn("transactions");
        landing.requireOwn("labels");
        int filesPerDay = Math.toIntExact(1 + world.transactions() / world.days() / wanted.rowsPerFile());
        ctx.progress().step(told(world) + " into " + landing.location());
        LandingFiles.Written transactions = landing.write(
                "transactions",
                within(ctx, SimulatedRows.transactions(blocks(ctx, world), world), SimulatedRows.RECEIVED_AT),
                SimulatedRows.RECEIVED_AT,
                SimulatedRows.TRANSACTION_ID,
                filesPerDay);
        ctx.progress().step("simulating their labels, which arrive later");
        LandingFiles.Written labels = landing.write(
                "labels",
                within(
                        ctx,
                        SimulatedRows.labels(blocks(ctx, world), world, wanted.scenario()),
                        SimulatedRows.ARRIVES_AT),
                SimulatedRows.ARRIVES_AT,
                SimulatedRows.TRANSACTION_ID,
                filesPerDay);
        List<String> names = new ArrayList<>(transactions.files());
        names.addAll(labels.files());
        landing.finish(ctx.interval(), names);
        return new GenerateResult(
                transactions.rows(), labels.rows(), Optional.of(landing.location()), names.size(), List.of());
    }

    private static GenerateResult writeTables(GenerateConfig.Output wanted, GenerateConfig config, JobContext ctx) {
        CardSimulation world = config.simulation(ctx.seed());
        ctx.progress().step(told(world) + " into " + wanted.transactions().name());
        Commit transactions = write(
                ctx,
                wanted.transactions(),
                SimulatedRows.transactions(blocks(ctx, world), world),
                SimulatedRows.RECEIVED_AT);
        ctx.progress().step("simulating their labels into " + wanted.labels().name());
        Commit labels = write(
                ctx, wanted.labels(), SimulatedRows.labels(blocks(ctx, world), world, false), SimulatedRows.ARRIVES_AT);
        return new GenerateResult(
                transactions.rowsWritten(),
                labels.rowsWritten(),
                Optional.empty(),
                0,
                List.of(transactions.printed(), labels.printed()));
    }

    private static Dataset<Row> blocks(JobContext ctx, CardSimulation world) {
        int partitions =
                SimulatedRows.partitions(world, ctx.spark().sparkContext().defaultParallelism());
        return ctx.spark().range(0, CardSimulator.blocks(world), 1, partitions).toDF();
    }

    private static String told(CardSimulation world) {
        return String.format(Locale.ROOT, "simulating %,d transactions", world.transactions());
    }

    private static Dataset<Row> within(JobContext ctx, Dataset<Row> rows, String arrival) {
        return ctx.interval()
                .map(interval -> rows.where(interval.where(Columns.quoted(arrival))))
                .orElse(rows);
    }

    private static Commit write(JobContext ctx, OutputRef output, Dataset<Row> rows, String arrival) {
        if (ctx.interval().isEmpty()) return ctx.tables().replace(output, rows);
        String span = ctx.interval().get().where(Columns.quoted(arrival));
        return ctx.tables().replaceWhere(output, rows.where(span), span);
    }

    private static LandingFiles landing(GenerateConfig.Files wanted, GenerateConfig config, JobContext ctx) {
        return new LandingFiles(
                wanted.path().orElse(ctx.home().root() + "/landing"),
                ctx.spark().sparkContext().hadoopConfiguration(),
                wanted.format(),
                digest(config.simulation(ctx.seed()) + " " + wanted.rowsPerFile() + " " + wanted.scenario()));
    }

    private static String digest(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((MODEL + text).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("Every JVM has SHA-256", impossible);
        }
    }

    private static void requireDays(Interval interval) {
        for (Instant edge : List.of(interval.start(), interval.end())) {
            if (edge.getEpochSecond() % DAY.toSeconds() == 0) continue;
            throw new MillraceException(
                    ErrorKind.USAGE,
                    "The interval " + interval
                            + " does not start and end at midnight, but `generate` writes whole days of"
                            + " arrival. Use midnights in UTC.");
        }
    }
}
