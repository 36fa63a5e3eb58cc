package dev.millrace.job;

import dev.millrace.platform.home.Home;
import dev.millrace.platform.progress.Progress;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.run.RunRecords;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.table.Tables;
import dev.millrace.platform.tracking.ModelRegistry;
import dev.millrace.platform.tracking.Run;
import java.time.Clock;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Everything impure a job may touch.
 *
 * @param startedRun where the job records; absent in {@code alsoDependsOn}, which comes before the run
 * @param experiment name of the experiment of this run
 * @param interval the logical interval given on the command line
 * @param force run although nothing changed
 * @param programVersion of Millrace: what results also depend on
 */
public record JobContext(
        SparkSession spark,
        Tables tables,
        Optional<Run> startedRun,
        String experiment,
        ModelRegistry registry,
        Progress progress,
        long seed,
        Clock clock,
        Home home,
        Optional<Interval> interval,
        boolean force,
        String owner,
        String programVersion) {

    /** The run of this job. */
    public Run run() {
        return startedRun.orElseThrow(() -> new IllegalStateException("The run has not begun"));
    }

    /**
     * Whether a run ended well. Its record is the last thing that it writes: a commit of a run without one may be the
     * first of several that the run was killed between.
     */
    public boolean finished(String runId) {
        return new RunRecords(home.lake(), spark.sparkContext().hadoopConfiguration())
                .byId(runId)
                .isPresent();
    }

    /** The same, recording to a new run below this one that reads {@code input}. */
    public JobContext child(String name, TableVersion input) {
        Run child = run().child(name);
        RunFacts.input(child, input);
        return withRun(child);
    }

    /** The same, recording to another run: a trial. */
    public JobContext withRun(Run other) {
        return new JobContext(
                spark,
                tables,
                Optional.of(other),
                experiment,
                registry,
                progress,
                seed,
                clock,
                home,
                interval,
                force,
                owner,
                programVersion);
    }
}
