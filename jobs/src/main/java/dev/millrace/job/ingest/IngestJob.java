package dev.millrace.job.ingest;

import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import java.util.Optional;

/**
 * Appends the records of new files to a table, each file once, whatever is killed when. One pass over the files, one
 * more over text files whose types are inferred; no shuffle but that of the counts. See docs/jobs/ingest.md.
 */
public final class IngestJob implements Job<IngestConfig, IngestResult> {
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
        Landing landing = Landing.look(config, ctx);
        if (!landing.fresh().isEmpty() || !landing.log().unsettled().isEmpty()) return Optional.empty();
        landing.warnings().forEach(ctx.progress()::warn);
        return Optional.of("no new files");
    }

    @Override
    public IngestResult run(IngestConfig config, JobContext ctx) {
        Landing landing = Landing.look(config, ctx);
        landing.warnings().forEach(ctx.progress()::warn);
        Quarantine quarantine = new Quarantine(config.output().name(), ctx);
        landing.log().unsettled().forEach((batch, run) -> {
            quarantine.keepOnly(batch, run);
            landing.log().settle(batch, run);
        });
        if (landing.fresh().isEmpty()) return IngestResult.nothing();
        return new Batch(config, ctx, landing).ingest();
    }
}
