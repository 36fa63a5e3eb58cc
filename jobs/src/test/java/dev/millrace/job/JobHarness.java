package dev.millrace.job;

import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Overrides;
import dev.millrace.platform.home.Home;
import dev.millrace.platform.progress.Progress;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.run.RunRecord;
import dev.millrace.platform.run.RunRecords;
import dev.millrace.platform.table.CommitMetadata;
import dev.millrace.platform.table.DeltaHistory;
import dev.millrace.platform.table.Lake;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableName;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.table.Tables;
import dev.millrace.platform.tracking.InMemoryTracking;
import dev.millrace.platform.tracking.Run;
import dev.millrace.platform.tracking.RunStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs jobs on a home of their own, with real tables and tracking in memory. */
public final class JobHarness {
    private final SparkSession spark;
    private final Home home;
    private final InMemoryTracking tracking;
    private String programVersion = "test";

    public JobHarness(SparkSession spark, Path folder) {
        this.spark = spark;
        this.home = Home.of(folder.toString(), folder);
        this.tracking = new InMemoryTracking(folder.resolve("artifacts"));
    }

    /** From here on another version of Millrace runs the jobs. */
    public void upgrade(String version) {
        programVersion = version;
    }

    /** The home's folder. */
    public Path folder() {
        return Path.of(home.root());
    }

    public InMemoryTracking tracking() {
        return tracking;
    }

    /** Binds the section of a job file given as text and runs the job on it. */
    public <C extends Record, R extends JobResult> R run(Job<C, R> job, String yaml) {
        return run(job, yaml, Optional.empty());
    }

    public <C extends Record, R extends JobResult> R run(Job<C, R> job, String yaml, Optional<Interval> interval) {
        JobFile file = JobFile.read(
                "test.yaml",
                "job: " + job.name() + "\n" + job.name() + ":\n" + yaml.indent(2),
                Optional.of(job.name()),
                Overrides.none(),
                name -> null);
        C config = file.bind(job.configType());
        Run run =
                tracking.start(job.name(), Map.of("millrace.job", job.name(), "millrace.fingerprint", "f".repeat(64)));
        String owner = JobRunner.owner(job, config);
        Tables tables = tables(run, job.name(), interval, owner);
        JobContext ctx = new JobContext(
                spark,
                tables,
                Optional.of(run),
                "test",
                tracking,
                Progress.SILENT,
                42,
                Clock.fixed(Instant.parse("2026-02-01T00:00:00Z"), ZoneOffset.UTC),
                home,
                interval,
                false,
                owner,
                programVersion);
        try {
            job.alsoDependsOn(config, ctx);
            R result = job.run(config, ctx);
            run.end(RunStatus.FINISHED);
            records().add(new RunRecord(run.id(), job.name(), "f", "", List.of(), List.of(), 0));
            return result;
        } catch (Exception failed) {
            run.end(RunStatus.FAILED);
            throw failed;
        }
    }

    private RunRecords records() {
        return new RunRecords(home.lake(), spark.sparkContext().hadoopConfiguration());
    }

    private Tables tables(Run run, String job, Optional<Interval> interval) {
        return tables(run, job, interval, "");
    }

    private Tables tables(Run run, String job, Optional<Interval> interval, String owner) {
        Tables tables = new Tables(spark, new Lake(spark, home.lake(), Optional.empty()), Optional.empty());
        String span = interval.map(Interval::toString).orElse("");
        tables.begin(new Tables.Writer(
                inputs -> new CommitMetadata(run.id(), job, "c", "f", span, "test", owner, inputs), input -> {}));
        return tables;
    }

    public void write(String table, Dataset<Row> rows) {
        tables(tracking.start("write", Map.of()), "test", Optional.empty())
                .replace(OutputRef.of(TableName.parse(table)), rows);
    }

    public void append(String table, Dataset<Row> rows, long number) {
        tables(tracking.start("append", Map.of()), "test", Optional.empty())
                .append(OutputRef.of(TableName.parse(table)), rows, "test", number);
    }

    public boolean exists(String table) {
        return tables(tracking.start("look", Map.of()), "test", Optional.empty())
                .exists(TableName.parse(table));
    }

    public DeltaHistory history(String table) {
        return tables(tracking.start("look", Map.of()), "test", Optional.empty())
                .history(TableName.parse(table))
                .orElseThrow();
    }

    public List<Row> read(String table) {
        return table(table).collectAsList();
    }

    public Dataset<Row> table(String table) {
        return tables(tracking.start("read", Map.of()), "test", Optional.empty())
                .open(TableRef.parse(table))
                .rows();
    }
}
