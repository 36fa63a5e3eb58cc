package dev.millrace.job;

import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The smallest job there is: one table becomes another. Fails after its write when told to. */
public final class CopyJob implements Job<CopyJob.Config, CopyJob.Result> {
    /**
     * @param keys merge by these; replace the table when there are none
     * @param fail throw this after the write
     */
    public record Config(TableRef input, OutputRef output, List<String> keys, Optional<String> fail) {}

    /** What was written. */
    public record Result(Commit commit) implements JobResult {
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

    private final String name;

    public CopyJob(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public Result run(Config config, JobContext ctx) {
        var rows = ctx.tables().open(config.input()).rows();
        Commit commit = config.keys().isEmpty()
                ? ctx.tables().replace(config.output(), rows)
                : ctx.tables().merge(config.output(), rows, config.keys());
        if (config.fail().isPresent())
            throw new IllegalStateException(config.fail().get());
        return new Result(commit);
    }
}
