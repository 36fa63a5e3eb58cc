package dev.millrace.job;

import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import dev.millrace.platform.progress.Progress;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.run.RunRecord;
import dev.millrace.platform.run.RunRecords;
import dev.millrace.platform.spark.SparkErrors;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.CommitMetadata;
import dev.millrace.platform.table.CommitStore;
import dev.millrace.platform.table.DeltaHistory;
import dev.millrace.platform.table.Lake;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.table.Tables;
import dev.millrace.platform.tracking.Run;
import dev.millrace.platform.tracking.RunStatus;
import dev.millrace.platform.tracking.Tracking;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.SparkSession;

/**
 * Runs a job by the contract: pin the inputs, compare the fingerprint, record the run, close it however the job ends.
 *
 * @param source the job file as the user named it
 * @param gitCommit the commit of the repository the job file is in
 * @param programVersion part of every fingerprint and commit
 */
public record JobRunner(
        SparkSession spark,
        Home home,
        Tracking tracking,
        Clock clock,
        String user,
        String source,
        Optional<String> gitCommit,
        String programVersion) {

    /**
     * One execution.
     *
     * @param parent the pipeline's run, when this is a step of one; asked for only when this job really runs
     */
    public record Request(
            JobFile file,
            Optional<Interval> interval,
            Optional<Instant> asOf,
            boolean force,
            Progress progress,
            Supplier<Optional<String>> parent) {}

    /** What a dry run finds: everything resolved, nothing written. */
    public record Plan(
            String job,
            List<String> inputs,
            List<String> outputs,
            String fingerprint,
            Optional<String> upToDateSince) {}

    private record Prepared(JobContext ctx, List<String> inputs, String configSha256, String fingerprint) {}

    /** Resolves inputs and compares the fingerprint, and starts no write. */
    public <C extends Record, R extends JobResult> Plan plan(Job<C, R> job, C config, Request request) {
        Prepared prepared = prepare(job, config, request);
        List<String> outputs = ConfigRefs.in(config, OutputRef.class).stream()
                .map(output -> output.name().toString())
                .toList();
        return new Plan(
                job.name(),
                prepared.inputs(),
                outputs,
                prepared.fingerprint(),
                doneBefore(job, config, prepared, request).map(CommitMetadata::runId));
    }

    /**
     * Runs the job unless nothing changed since it last ran.
     *
     * @throws MillraceException what the job found wrong; the run is then recorded as FAILED
     */
    public <C extends Record, R extends JobResult> Outcome run(Job<C, R> job, C config, Request request) {
        long begun = System.nanoTime();
        Prepared prepared = prepare(job, config, request);
        Optional<CommitMetadata> before = request.force() || !job.skipsWhenUnchanged(config)
                ? Optional.empty()
                : doneBefore(job, config, prepared, request);
        if (before.isPresent()) return upToDate(job, before.get().runId(), Map.of(), prepared, begun);
        Optional<String> idle = request.force() ? Optional.empty() : job.nothingToDo(config, prepared.ctx());
        if (idle.isPresent()) {
            return upToDate(job, newestRun(job, config), Map.of("reason", idle.get()), prepared, begun);
        }

        tracking.closeDead(job.name());
        Tracking.Started started = start(job, prepared, request);
        Run run = started.run();
        JobContext ctx = prepared.ctx().withRun(run);
        try {
            ctx.tables()
                    .begin(new Tables.Writer(
                            opened -> metadata(job, run, prepared, request), input -> RunFacts.input(run, input)));
            RunFacts.params(run, request.file());
            R result = job.run(config, ctx);
            request.progress().done();
            List<String> inputs = inputsOf(ctx, prepared);
            RunFacts.result(run, result, ctx.tables().commits());
            records().add(record(job, run, prepared, request, inputs, result));
            run.tag("millrace.outcome", "done");
            run.end(RunStatus.FINISHED);
            return new Outcome(
                    job.name(),
                    Outcome.Status.DONE,
                    run.id(),
                    started.url(),
                    result.rowsIn(),
                    result.rowsOut(),
                    (System.nanoTime() - begun) / 1e9,
                    result.produced(),
                    result.details());
        } catch (FSError disk) { // Hadoop's local file system throws a full disk as an Error
            throw told(new IOException(disk), run, request);
        } catch (Error fatal) { // out of memory, a missing class: the run must not look alive
            run.tag("millrace.outcome", ErrorKind.INTERNAL.name());
            run.tag("millrace.error", fatal.toString());
            run.end(RunStatus.FAILED);
            throw fatal;
        } catch (Exception failed) {
            throw told(failed, run, request);
        }
    }

    /** Closes the run as failed and gives what is to be thrown. */
    private RuntimeException told(Exception failed, Run run, Request request) {
        request.progress().done();
        RuntimeException told = SparkErrors.translated(failed);
        if (isStopped()) {
            run.end(RunStatus.KILLED);
            return told;
        }
        ErrorKind kind = told instanceof MillraceException ours ? ours.kind() : ErrorKind.INTERNAL;
        run.tag("millrace.outcome", kind.name());
        run.tag("millrace.error", String.valueOf(told.getMessage()));
        run.end(RunStatus.FAILED);
        return told;
    }

    /** Whether Spark was stopped, by a signal or by the cluster: nothing more can run, and failures say nothing. */
    public boolean isStopped() {
        return spark.sparkContext().isStopped();
    }

    static <C extends Record, R extends JobResult> String owner(Job<C, R> job, C config) {
        List<String> subset = new ArrayList<>();
        for (TableRef input : ConfigRefs.in(config, TableRef.class)) {
            subset.add(input.table()
                    + input.where().map(where -> " where " + where).orElse(""));
        }
        subset.addAll(job.subset(config));
        return Fingerprint.owner(job.name(), subset);
    }

    private <C extends Record, R extends JobResult> Prepared prepare(Job<C, R> job, C config, Request request) {
        try {
            return resolved(job, config, request);
        } catch (Exception failed) {
            throw SparkErrors.translated(failed);
        }
    }

    private <C extends Record, R extends JobResult> Prepared resolved(Job<C, R> job, C config, Request request) {
        JobFile.Common common = request.file().common();
        if (!common.singleWriter())
            CommitStore.requireCoordinated(spark.sparkContext().getConf(), home.root());
        if (job.asksRegistry(config)) tracking.requireReachable(job.name());
        Lake lake = new Lake(spark, home.lake(), common.lake().map(JobFile.Lake::catalog));
        Tables tables = new Tables(spark, lake, request.asOf());
        JobContext ctx = new JobContext(
                spark,
                tables,
                Optional.empty(),
                common.tracking().experiment(),
                tracking.registry(),
                request.progress(),
                common.seed(),
                clock,
                home,
                request.interval(),
                request.force(),
                owner(job, config),
                programVersion);
        for (TableRef input : ConfigRefs.in(config, TableRef.class)) tables.open(input);
        List<String> identities = new ArrayList<>();
        for (TableVersion input : tables.inputs()) {
            identities.add(input.name() + "#" + input.tableId() + "@" + input.version());
        }
        List<String> others = job.alsoDependsOn(config, ctx);
        identities.addAll(others);
        Object section = request.file().effectiveSection();
        String fingerprint = Fingerprint.of(section, identities, intervalText(request), common.seed(), programVersion);
        return new Prepared(ctx, others, Fingerprint.ofConfig(section), fingerprint);
    }

    /**
     * The earlier run whose result still stands. Each output table is walked back from its newest commit: our
     * fingerprint means done, if the run has its record, and killed before its last write otherwise; a commit of somebody else's hand, or of the same job and interval for the same owner or on
     * the same inputs, means that our result was replaced, at least in part. Other commits touch other rows.
     */
    private <C extends Record, R extends JobResult> Optional<CommitMetadata> doneBefore(
            Job<C, R> job, C config, Prepared prepared, Request request) {
        List<OutputRef> outputs = ConfigRefs.in(config, OutputRef.class);
        if (!job.resultRemains(config, prepared.ctx())) return Optional.empty();
        if (outputs.isEmpty()) return recorded(job, prepared, request);
        Optional<CommitMetadata> done = Optional.empty();
        for (OutputRef output : outputs) {
            done = lastCommit(job, prepared, request, output);
            if (done.isEmpty()) return done;
        }
        return done;
    }

    /** Commits looked back through for our own; when it lies deeper the job runs again, which changes nothing. */
    private static final int WALKED = 1_000;

    private Optional<CommitMetadata> lastCommit(Job<?, ?> job, Prepared prepared, Request request, OutputRef output) {
        var history = prepared.ctx().tables().history(output.name());
        if (history.isEmpty()) return Optional.empty();
        Iterator<DeltaHistory.Entry> entries =
                history.get().newestFirst().limit(WALKED).iterator();
        while (entries.hasNext()) {
            DeltaHistory.Entry entry = entries.next();
            Optional<CommitMetadata> maker = entry.millrace();
            if (maker.isEmpty()) {
                if (entry.dataChange()) return Optional.empty();
                continue;
            }
            if (maker.get().fingerprint().equals(prepared.fingerprint())) {
                return maker.filter(done -> prepared.ctx().finished(done.runId()));
            }
            boolean sameRows = maker.get().job().equals(job.name())
                    && maker.get().interval().equals(intervalText(request))
                    && (maker.get().owner().equals(prepared.ctx().owner())
                            || readsOneOf(maker.get(), prepared.ctx().tables().inputs()));
            if (sameRows || entry.replacesAll()) return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean readsOneOf(CommitMetadata maker, List<TableVersion> inputs) {
        return maker.inputs().stream()
                .anyMatch(read -> inputs.stream().anyMatch(input -> read.startsWith(input.name() + "@")));
    }

    /** For jobs without an output table: the registry knows, and when it cannot be asked, the lake's records. */
    private Optional<CommitMetadata> recorded(Job<?, ?> job, Prepared prepared, Request request) {
        Optional<RunRecord> known = records().find(job.name(), prepared.fingerprint());
        if (known.isEmpty()) return Optional.empty();
        if (tracking.reachable()) {
            String filter = "tags.`millrace.run_id` = '" + known.get().runId() + "'";
            boolean there = !prepared.ctx()
                    .registry()
                    .searchRuns(prepared.ctx().experiment(), filter, 1)
                    .isEmpty();
            if (!there && tracking.waiting() == 0) return Optional.empty();
        }
        return Optional.of(new CommitMetadata(
                known.get().runId(),
                job.name(),
                prepared.configSha256(),
                prepared.fingerprint(),
                intervalText(request),
                programVersion,
                prepared.ctx().owner(),
                known.get().inputs()));
    }

    /** The last run of this job that ended well and wrote the same tables; empty text when there is none. */
    private String newestRun(Job<?, ?> job, Record config) {
        Optional<String> table = ConfigRefs.in(config, OutputRef.class).stream()
                .map(output -> output.name().toString())
                .findFirst();
        return records().newest(job.name(), table).map(RunRecord::runId).orElse("");
    }

    private Outcome upToDate(Job<?, ?> job, String runId, Map<String, Object> details, Prepared prepared, long begun) {
        List<String> produced = records()
                .byId(runId)
                .map(record ->
                        record.outputs().stream().map(JobRunner::asPrinted).toList())
                .orElse(List.of());
        prepared.ctx().progress().done();
        return new Outcome(
                job.name(),
                Outcome.Status.UP_TO_DATE,
                runId,
                Optional.empty(),
                java.util.OptionalLong.empty(),
                java.util.OptionalLong.of(0),
                (System.nanoTime() - begun) / 1e9,
                produced,
                details);
    }

    private static String asPrinted(String output) {
        return output.startsWith("model:")
                ? output.substring("model:".length()).replaceFirst("/([0-9]+)$", "@$1")
                : output;
    }

    private Tracking.Started start(Job<?, ?> job, Prepared prepared, Request request) {
        JobFile.Common common = request.file().common();
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("mlflow.source.name", source);
        tags.put("mlflow.source.type", "JOB");
        tags.put("millrace.job", job.name());
        tags.put("millrace.config_sha256", prepared.configSha256());
        tags.put("millrace.fingerprint", prepared.fingerprint());
        if (!intervalText(request).isEmpty()) tags.put("millrace.interval", intervalText(request));
        request.parent().get().ifPresent(parent -> tags.put("mlflow.parentRunId", parent));
        gitCommit.ifPresent(commit -> tags.put("mlflow.source.git.commit", commit));
        return tracking.start(new Tracking.Start(
                Optional.empty(),
                common.tracking().experiment(),
                job.name() + " " + prepared.fingerprint().substring(0, 8),
                user,
                tags,
                common.tracking().required()));
    }

    private CommitMetadata metadata(Job<?, ?> job, Run run, Prepared prepared, Request request) {
        return new CommitMetadata(
                run.id(),
                job.name(),
                prepared.configSha256(),
                prepared.fingerprint(),
                intervalText(request),
                programVersion,
                prepared.ctx().owner(),
                inputsOf(prepared.ctx(), prepared));
    }

    private static List<String> inputsOf(JobContext ctx, Prepared prepared) {
        List<String> inputs = new ArrayList<>();
        ctx.tables().inputs().stream().map(TableVersion::printed).distinct().forEach(inputs::add);
        inputs.addAll(prepared.inputs());
        return inputs;
    }

    private static RunRecord record(
            Job<?, ?> job, Run run, Prepared prepared, Request request, List<String> inputs, JobResult result) {
        List<String> outputs = new ArrayList<>();
        for (Commit commit : prepared.ctx().tables().commits()) {
            if (!outputs.contains(commit.printed())) outputs.add(commit.printed());
        }
        for (String produced : result.produced()) {
            boolean model = !outputs.contains(produced) && produced.matches("[^@]+@[0-9]+");
            if (model) outputs.add("model:" + produced.replaceFirst("@([0-9]+)$", "/$1"));
        }
        return new RunRecord(
                run.id(),
                job.name(),
                prepared.fingerprint(),
                intervalText(request),
                inputs,
                outputs,
                prepared.ctx().clock().millis());
    }

    private RunRecords records() {
        return new RunRecords(home.lake(), spark.sparkContext().hadoopConfiguration());
    }

    private static String intervalText(Request request) {
        return request.interval().map(Interval::toString).orElse("");
    }
}
