package dev.millrace.job;

import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Overrides;
import dev.millrace.platform.home.Home;
import dev.millrace.platform.progress.Progress;
import dev.millrace.platform.run.RunRecords;
import dev.millrace.platform.table.Lake;
import dev.millrace.platform.table.Tables;
import dev.millrace.platform.tracking.ServerLocation;
import dev.millrace.platform.tracking.Tracking;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;

/** Runs jobs as the command line does, by {@link JobRunner}: with fingerprints, records and the tracking it is given. */
public final class RunnerHarness {
    private final SparkSession spark;
    private final Home home;
    private final Tracking tracking;

    public RunnerHarness(SparkSession spark, Path folder, Optional<ServerLocation> server) {
        this.spark = spark;
        this.home = Home.of(folder.toString(), folder);
        Clock clock = Clock.fixed(Instant.parse("2026-02-01T00:00:00Z"), ZoneOffset.UTC);
        this.tracking = new Tracking(
                server, home, clock, () -> UUID.randomUUID().toString().replace("-", ""));
    }

    public Home home() {
        return home;
    }

    public Tracking tracking() {
        return tracking;
    }

    public Lake lake() {
        return new Lake(spark, home.lake(), Optional.empty());
    }

    public Tables tables() {
        return tables(Optional.empty());
    }

    public Tables tables(Optional<Instant> asOf) {
        return new Tables(spark, lake(), asOf);
    }

    public RunRecords records() {
        return new RunRecords(home.lake(), spark.sparkContext().hadoopConfiguration());
    }

    /** @param section the job's own section as YAML */
    public <C extends Record, R extends JobResult> Outcome run(Job<C, R> job, String section) {
        return run(job, section, false);
    }

    public <C extends Record, R extends JobResult> Outcome run(Job<C, R> job, String section, boolean force) {
        JobFile file = file(job, section);
        return runner().run(job, file.bind(job.configType()), request(file, force));
    }

    public <C extends Record, R extends JobResult> JobRunner.Plan plan(Job<C, R> job, String section) {
        JobFile file = file(job, section);
        return runner().plan(job, file.bind(job.configType()), request(file, false));
    }

    private JobRunner runner() {
        return new JobRunner(
                spark,
                home,
                tracking,
                Clock.fixed(Instant.parse("2026-02-01T00:00:00Z"), ZoneOffset.UTC),
                "ada",
                "test",
                Optional.empty(),
                "1");
    }

    private static JobFile file(Job<?, ?> job, String section) {
        return JobFile.read(
                "test.yaml",
                "job: " + job.name() + "\n" + job.name() + ":\n" + section.indent(2),
                Optional.of(job.name()),
                Overrides.none(),
                name -> null);
    }

    private static JobRunner.Request request(JobFile file, boolean force) {
        return new JobRunner.Request(file, Optional.empty(), Optional.empty(), force, Progress.SILENT, Optional::empty);
    }
}
