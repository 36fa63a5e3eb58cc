package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Ids;
import dev.millrace.registry.platform.search.Grouping;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.security.audit.Act;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rules of runs: creation, status, soft deletion, search. What is logged to them is {@link LogService}'s. */
public final class RunService {
    static final String NAME_TAG = "mlflow.runName";
    /** A job makes its run's id before its first write; this tag carries it (CONTRACT §4). */
    static final String ID_TAG = "millrace.run_id";

    /** In the order of their numbers in MLflow's protocol, from 1. */
    static final List<String> STATUSES = List.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");

    private final Database database;
    private final ExperimentService experiments;
    private final Ids ids;
    private final Clock clock;
    private final RunRepository repository = new RunRepository();
    private final RunDetails details = new RunDetails();
    private final RunGroupRepository groups = new RunGroupRepository();

    public RunService(Database database, ExperimentService experiments, Ids ids, Clock clock) {
        this.database = database;
        this.experiments = experiments;
        this.ids = ids;
        this.clock = clock;
    }

    /** What {@code runs/create} is given. */
    record NewRun(String experimentId, String userId, Optional<String> name, long startTime, List<Tag> tags) {}

    /** A second creation with the same {@value #ID_TAG} answers the run that is there. */
    Run create(NewRun wanted) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : wanted.tags()) {
            tags.put(Limits.length(tag.key(), "tags.key", Limits.KEY), Limits.cut(tag.value(), Limits.RUN_TAG));
        }
        tags.put(NAME_TAG, name(wanted, tags));
        String runId =
                Optional.ofNullable(tags.get(ID_TAG)).map(RunService::requireId).orElseGet(ids::id);
        return database.write(tx -> {
            Optional<StoredRun> known = tags.containsKey(ID_TAG) ? repository.find(tx, runId) : Optional.empty();
            if (known.isPresent())
                return details.of(tx, sameExperiment(known.get(), wanted)).justCreated();
            Experiment experiment = experiments.requireActive(tx, wanted.experimentId());
            RunInfo info = new RunInfo(
                    runId,
                    wanted.experimentId(),
                    tags.get(NAME_TAG),
                    wanted.userId(),
                    "RUNNING",
                    wanted.startTime(),
                    Optional.empty(),
                    experiment.artifactLocation() + "/" + runId + "/artifacts",
                    Lifecycle.ACTIVE,
                    runId);
            long id = repository.insert(tx, info);
            RunRepository.TAGS.put(
                    tx,
                    id,
                    tags.entrySet().stream()
                            .map(tag -> new Tag(tag.getKey(), tag.getValue()))
                            .toList());
            return details.of(tx, new StoredRun(id, info)).justCreated();
        });
    }

    private String name(NewRun wanted, Map<String, String> tags) {
        Optional<String> tagged = Optional.ofNullable(tags.get(NAME_TAG)).filter(name -> !name.isEmpty());
        if (wanted.name().isPresent() && tagged.isPresent() && !wanted.name().equals(tagged)) {
            throw MillraceException.invalid(
                    "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values"
                            + " (run_name='" + wanted.name().get() + "', mlflow.runName='" + tagged.get() + "').");
        }
        return wanted.name().or(() -> tagged).orElseGet(ids::name);
    }

    private static String requireId(String id) {
        if (Ids.isId(id)) return id;
        throw MillraceException.invalid("Tag `" + ID_TAG + "` must be a run id, 32 lower-case hex digits, not '" + id
                + "'. Leave the tag out to get a fresh id.");
    }

    private static StoredRun sameExperiment(StoredRun known, NewRun wanted) {
        if (known.info().experimentId().equals(wanted.experimentId())) return known;
        throw new MillraceException(
                ErrorKind.ALREADY_EXISTS,
                "Run " + known.info().runId() + " already exists, in experiment "
                        + known.info().experimentId() + " and not in " + wanted.experimentId() + ".");
    }

    Run get(String runId) {
        return database.read(tx -> details.of(tx, require(tx, runId)));
    }

    /** @throws MillraceException NOT_FOUND */
    public RunInfo info(String runId) {
        return database.look(tx -> require(tx, runId)).info();
    }

    public Optional<RunInfo> find(String runId) {
        return database.look(tx -> find(tx, runId)).map(StoredRun::info);
    }

    /**
     * What {@code runs/update} is given.
     *
     * @param status one of {@link #STATUSES}
     */
    record Change(Optional<String> status, Optional<Long> endTime, Optional<String> name) {}

    /** An end at 0 is none, as in MLflow. */
    RunInfo update(String runId, Change change) {
        return database.write(tx -> {
            StoredRun run = requireActive(tx, runId);
            RunInfo old = run.info();
            RunInfo fresh = old.withName(change.name().orElse(old.runName()))
                    .withStatus(
                            change.status().orElse(old.status()),
                            change.endTime().isPresent() ? change.endTime().filter(end -> end != 0) : old.endTime());
            repository.update(tx, new StoredRun(run.id(), fresh));
            change.name().ifPresent(name -> RunRepository.TAGS.put(tx, run.id(), List.of(new Tag(NAME_TAG, name))));
            return fresh;
        });
    }

    /** Deleting twice is the same as once. */
    void delete(String runId, Act act) {
        setLifecycle(runId, Lifecycle.DELETED, act);
    }

    void restore(String runId, Act act) {
        setLifecycle(runId, Lifecycle.ACTIVE, act);
    }

    private void setLifecycle(String runId, String lifecycle, Act act) {
        database.change(tx -> {
            repository.setLifecycle(tx, require(tx, runId).id(), lifecycle, clock.millis());
            act.done(tx);
        });
    }

    /** @param experimentIds none: nothing is found, as in MLflow */
    Page<Run> search(List<String> experimentIds, ViewType view, SearchRequest request) {
        Search search = Search.of(RunRepository.SCHEMA, request);
        List<Long> experimentNumbers =
                experimentIds.stream().distinct().map(ExperimentService::number).toList();
        if (experimentNumbers.isEmpty()) return new Page<>(List.of(), Optional.empty());
        return database.read(
                tx -> repository.search(tx, search, experimentNumbers, view).page(runs -> details.of(tx, runs)));
    }

    /** Runs that a search would find, counted and summed up; without experiments none. */
    RunGroups groups(List<String> experimentIds, ViewType view, RunGroups.Asked asked) {
        Grouping grouping = Grouping.of(RunRepository.SCHEMA, asked.filter(), asked.by());
        List<Long> numbers =
                experimentIds.stream().distinct().map(ExperimentService::number).toList();
        if (numbers.isEmpty()) return RunGroups.NONE;
        return database.read(tx -> groups.read(tx, grouping, RunRepository.over(numbers, view), asked));
    }

    /** Within a caller's transaction. */
    StoredRun require(Handle tx, String runId) {
        return find(tx, runId).orElseThrow(() -> MillraceException.notFound("Run with id=" + runId + " not found"));
    }

    Optional<StoredRun> find(Handle tx, String runId) {
        return repository.find(tx, runId);
    }

    StoredRun requireActive(Handle tx, String runId) {
        StoredRun run = require(tx, runId);
        if (run.info().isActive()) return run;
        throw MillraceException.invalid("The run " + runId + " must be in the 'active' state. Current state is "
                + run.info().lifecycleStage() + ".");
    }

    /** Keeps the name equal to the tag that carries it. */
    void renameByTag(Handle tx, StoredRun run, String name) {
        repository.update(tx, new StoredRun(run.id(), run.info().withName(name)));
    }
}
