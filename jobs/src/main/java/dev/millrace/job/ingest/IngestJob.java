package dev.millrace.job.ingest;

import dev.millrace.engine.intake.SourceFile;
import dev.millrace.engine.landing.Landing;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import java.util.List;
import java.util.Optional;

/**
 * Appends the records of new files to a table, each file once, whatever is killed when, in batches of bounded size. One
 * pass over the files, one more over text files whose types are inferred, one over the bytes of those that are split; no
 * shuffle but that of the counts. See docs/jobs/ingest.md.
 */
public final class IngestJob implements Job<IngestConfig, IngestResult> {
    private static final String NANOS_AS_LONG = "spark.sql.legacy.parquet.nanosAsLong";

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public Class<IngestConfig> configType() {
        return IngestConfig.class;
    }

    /** New files are not in the fingerprint; {@link #nothingToDo} looks for them. */
    @Override
    public boolean skipsWhenUnchanged(IngestConfig config) {
        return false;
    }

    @Override
    public Optional<String> nothingToDo(IngestConfig config, JobContext ctx) {
        Landing landing = look(config, ctx);
        if (!landing.fresh().isEmpty() || !landing.log().unsettled().isEmpty()) return Optional.empty();
        landing.warnings().forEach(ctx.progress()::warn);
        return Optional.of("no new files");
    }

    @Override
    public IngestResult run(IngestConfig config, JobContext ctx) {
        Landing landing = look(config, ctx);
        landing.warnings().forEach(ctx.progress()::warn);
        RejectedRecords quarantine = new RejectedRecords(config.output().name(), ctx);
        landing.log().unsettled().forEach((batch, run) -> {
            quarantine.keepOnly(batch, run);
            landing.log().settle(batch, run);
        });
        // Spark refuses nanoseconds in Parquet but for this key, with which ingest reads and checks them.
        String before = ctx.spark().conf().get(NANOS_AS_LONG);
        ctx.spark().conf().set(NANOS_AS_LONG, "true");
        try {
            return ingest(config, ctx, landing);
        } finally {
            ctx.spark().conf().set(NANOS_AS_LONG, before);
        }
    }

    private static Landing look(IngestConfig config, JobContext ctx) {
        return Landing.look(config, ctx.tables(), ctx.spark().sparkContext().hadoopConfiguration());
    }

    private static IngestResult ingest(IngestConfig config, JobContext ctx, Landing landing) {
        IngestResult result = IngestResult.nothing();
        int earlier = 0;
        for (List<SourceFile> files : landing.batches(config)) {
            Landing batch = landing.forBatch(earlier++, files);
            result = result.and(new Batch(config, ctx, batch).ingest());
        }
        return result;
    }
}
