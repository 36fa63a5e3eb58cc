package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.StorageErrors;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.platform.tasks.Outcome;
import dev.millrace.registry.platform.tasks.Task;
import dev.millrace.registry.platform.tasks.Tasks;
import dev.millrace.registry.security.audit.Act;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rules of experiments: names are unique for ever, ids are never given twice, deletion is soft. */
public final class ExperimentService {
    private static final String RUNS_FOLLOW = "runs-of-experiment";
    private static final int RUNS_AT_ONCE = 1_000;

    private final Database database;
    private final Tasks tasks;
    private final Clock clock;
    private final ArtifactLocations locations;
    private final ExperimentRepository repository = new ExperimentRepository();

    /** @param folders local ones in which experiments may keep artifacts */
    public ExperimentService(Database database, Tasks tasks, Clock clock, List<Path> folders) {
        this.tasks = tasks;
        tasks.register(RUNS_FOLLOW, this::runsFollow);
        this.locations = new ArtifactLocations(folders);
        this.database = database;
        this.clock = clock;
    }

    /** @return the new experiment's id */
    String create(String name, Optional<String> location, List<Tag> tags, Act act) {
        requireName(name);
        Optional<String> allowed = location.map(locations::require);
        tags.forEach(ExperimentService::requireTag);
        try {
            return database.write(tx -> {
                long id = repository.insert(tx, name, allowed.orElse(""), clock.millis());
                if (allowed.isEmpty()) repository.setLocation(tx, id, ArtifactLocations.ofExperiment(id));
                ExperimentRepository.TAGS.put(tx, id, tags);
                act.done(tx, Map.of("experiment_id", id));
                return String.valueOf(id);
            });
        } catch (RuntimeException failed) {
            if (!StorageErrors.isUniqueViolation(failed)) throw failed;
            throw taken(name, failed);
        }
    }

    /** Deleted ones, too. */
    public Experiment get(String id) {
        return database.look(tx -> require(tx, id));
    }

    Experiment getByName(String name) {
        return database.read(tx -> repository.findByName(tx, name))
                .orElseThrow(() -> MillraceException.notFound("Could not find experiment with name '" + name + "'"));
    }

    Page<Experiment> search(SearchRequest request, ViewType view) {
        Search search = Search.of(ExperimentRepository.SCHEMA, request);
        return database.read(tx -> repository.search(tx, search, view));
    }

    void rename(String id, String name, Act act) {
        requireName(name);
        try {
            database.change(tx -> {
                Experiment experiment = requireActive(tx, id);
                repository.rename(tx, experiment.id(), name, clock.millis());
                act.done(tx, Map.of("old_name", experiment.name(), "new_name", name));
            });
        } catch (RuntimeException failed) {
            if (!StorageErrors.isUniqueViolation(failed)) throw failed;
            throw taken(name, failed);
        }
    }

    void delete(String id, Act act) {
        setLifecycle(id, Lifecycle.ACTIVE, Lifecycle.DELETED, act);
    }

    void restore(String id, Act act) {
        setLifecycle(id, Lifecycle.DELETED, Lifecycle.ACTIVE, act);
    }

    /** Its runs follow, some at a time, before the caller gets its answer; a server that is killed meanwhile goes on later. */
    private void setLifecycle(String id, String from, String to, Act act) {
        long number = database.write(tx -> {
            Experiment experiment = require(tx, id);
            if (!experiment.lifecycleStage().equals(from)) throw unknown(id);
            repository.setLifecycle(tx, experiment.id(), to, clock.millis());
            tasks.add(tx, Task.of(RUNS_FOLLOW, id, RUNS_FOLLOW, ""), clock.millis());
            act.done(tx);
            return experiment.id();
        });
        runsFollow(number);
    }

    /** Brings every run to the state of the experiment; doing it again changes nothing. */
    private void runsFollow(long id) {
        Optional<ExperimentRepository.RunKey> after = Optional.empty();
        do {
            Optional<ExperimentRepository.RunKey> begin = after;
            after = database.write(tx -> repository.moveRuns(tx, id, begin, RUNS_AT_ONCE));
        } while (after.isPresent());
    }

    private Outcome runsFollow(Task task) {
        runsFollow(number(task.key()));
        return new Outcome.Done();
    }

    void setTag(String id, Tag tag, Act act) {
        requireTag(tag);
        database.change(tx -> {
            Experiment experiment = requireActive(tx, id);
            ExperimentRepository.TAGS.put(tx, experiment.id(), List.of(tag));
            repository.touch(tx, experiment.id(), clock.millis());
            act.done(tx);
        });
    }

    void deleteTag(String id, String key, Act act) {
        database.change(tx -> {
            Experiment experiment = requireActive(tx, id);
            if (!ExperimentRepository.TAGS.delete(tx, experiment.id(), key)) {
                throw MillraceException.notFound("No tag with name: " + key + " in experiment with id " + id);
            }
            act.done(tx);
        });
    }

    /** Within a caller's transaction. @throws MillraceException NOT_FOUND; USAGE when it is deleted or no id */
    public Experiment requireActive(Handle tx, String id) {
        Experiment experiment = require(tx, id);
        if (experiment.isActive()) return experiment;
        throw MillraceException.invalid("The experiment " + id + " must be in the 'active' state. Current state is "
                + experiment.lifecycleStage() + ".");
    }

    private Experiment require(Handle tx, String id) {
        return repository.find(tx, number(id)).orElseThrow(() -> unknown(id));
    }

    static long number(String id) {
        if (id.matches("-?[0-9]{1,18}")) return Long.parseLong(id);
        throw MillraceException.invalid("Invalid experiment ID '" + id + "'. Experiment ID must be a valid integer.");
    }

    /** MLflow takes names of blanks alone, which nobody finds again. */
    private static void requireName(String name) {
        if (name.chars().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c)))
            throw MillraceException.invalid("Invalid experiment name: '" + name + "'");
        Limits.length(name, "name", Limits.EXPERIMENT_NAME);
    }

    private static void requireTag(Tag tag) {
        Limits.key(tag.key(), "key");
        Limits.length(tag.value(), "value", Limits.EXPERIMENT_TAG);
    }

    private static MillraceException unknown(String id) {
        return MillraceException.notFound("No Experiment with id=" + id + " exists");
    }

    private static MillraceException taken(String name, RuntimeException cause) {
        return new MillraceException(
                ErrorKind.ALREADY_EXISTS,
                "Experiment(name=" + name + ") already exists. A deleted experiment keeps its name: restore it, or"
                        + " choose another.",
                cause);
    }
}
