package dev.millrace.flow.pipeline;

import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.job.JobResult;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/** The smallest job there can be: a table is copied, unless a marker says that it must fail. */
final class CopyJob implements Job<CopyJob.Config, CopyJob.Result> {
    final AtomicInteger runs = new AtomicInteger();
    volatile boolean broken;

    /** What to copy. */
    record Config(TableRef input, OutputRef output, @Default("false") boolean fragile) {}

    /** What was written. */
    record Result(Commit commit) implements JobResult {
        @Override
        public OptionalLong rowsIn() {
            return OptionalLong.of(commit.rowsWritten());
        }

        @Override
        public OptionalLong rowsOut() {
            return OptionalLong.of(commit.rowsWritten());
        }

        @Override
        public List<String> produced() {
            return List.of(commit.printed());
        }
    }

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public Result run(Config config, JobContext ctx) {
        if (config.fragile() && broken) throw new MillraceException(ErrorKind.QUALITY_GATE, "broken on purpose");
        runs.incrementAndGet();
        return new Result(ctx.tables()
                .replace(config.output(), ctx.tables().open(config.input()).rows()));
    }
}
