package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.security.audit.Act;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rules of model versions: numbers grow and are never given twice, a source belongs to the run that made it. */
public final class ModelVersionService {
    private static final int MOST_COPIES = 100; // of copies that are followed; a chain may not end

    private final Database database;
    private final RegisteredModelService models;
    private final SourceRule sources;
    private final Clock clock;
    private final ModelVersionRepository repository = new ModelVersionRepository();

    public ModelVersionService(Database database, RegisteredModelService models, ModelSources sources, Clock clock) {
        this.database = database;
        this.models = models;
        this.sources = new SourceRule(sources);
        this.clock = clock;
    }

    /** What {@code model-versions/create} is given. */
    record NewVersion(
            String name,
            String source,
            String runId,
            Optional<String> modelId,
            String runLink,
            String description,
            List<Tag> tags) {}

    ModelVersion create(NewVersion wanted, Act act) {
        ModelNames.name(wanted.name());
        wanted.tags().forEach(ModelNames::tag);
        boolean prompt = RegistryEvent.isPrompt(wanted.tags());
        SourceRule.Place place = prompt
                ? SourceRule.ofPrompt(wanted.source())
                : sources.resolve(
                        new SourceRule.Claim(wanted.source(), wanted.runId(), wanted.modelId()), this::placeOf);
        ModelVersion made = database.write(tx -> {
            long model = models.require(tx, wanted.name()).id();
            int number = repository.insert(
                    tx,
                    model,
                    new ModelVersionRepository.Fresh(
                            wanted.description(),
                            place.source(),
                            place.location(),
                            place.runId(),
                            wanted.runLink(),
                            wanted.modelId().orElse("")),
                    clock.millis());
            var stored = models.requireVersion(tx, wanted.name(), number);
            ModelVersionRepository.TAGS.put(tx, stored.id(), wanted.tags());
            models.touch(tx, model);
            if (!prompt) wanted.modelId().ifPresent(of -> sources.made(tx, of, wanted.name(), number));
            act.done(tx, Map.of("version", number));
            return whole(tx, stored);
        });
        models.tell(RegistryEvent.versionCreated(wanted, made.version()));
        return made;
    }

    /** @param which a number, {@code latest}, or {@code @alias} */
    private SourceRule.Place placeOf(String name, String which) {
        var found = database.read(tx -> {
            if (which.startsWith("@")) return models.requireByAlias(tx, name, which.substring(1));
            if (ModelNames.isLatest(which)) return models.requireLatest(tx, name);
            return models.requireVersion(tx, name, ModelNames.version(which));
        });
        return new SourceRule.Place(
                "models:/" + name + "/" + found.version().version(),
                found.location(),
                found.version().runId());
    }

    ModelVersion get(String name, String version) {
        return database.read(tx -> whole(tx, require(tx, name, version)));
    }

    /**
     * What clients are told of where the files are, as MLflow tells them: of a version made from a run its source, of a copy
     * that of its original.
     */
    String downloadUri(String name, String version) {
        return database.read(tx -> {
            var found = require(tx, name, version);
            for (int copies = 0; copies < MOST_COPIES; copies++) {
                String source = found.version().source();
                if (SourceRule.isOfRun(source)) return source;
                var original =
                        SourceRule.original(source).flatMap(ref -> models.findVersion(tx, ref.name(), ref.number()));
                if (original.isEmpty()) break;
                found = original.get();
            }
            return found.location();
        });
    }

    /**
     * Where the files of a version are; {@code runs:} and {@code models:} are resolved, but for a run that was not there when
     * the version was made.
     */
    public String location(String name, String version) {
        return database.read(tx -> require(tx, name, version)).location();
    }

    Page<ModelVersion> search(SearchRequest request) {
        Search search = Search.of(ModelVersionRepository.SCHEMA, request);
        return database.read(tx -> repository.search(tx, search).page(found -> repository.whole(tx, found)));
    }

    /** @param stages none: all; a stage without a version gives nothing */
    List<ModelVersion> latest(String name, List<String> stages) {
        List<String> wanted = stages.stream().map(Stage::named).map(Stage::word).toList();
        return database.read(tx -> {
            long model = models.require(tx, name).id();
            List<ModelVersionRepository.Stored> found = repository.latest(tx, List.of(model)).stream()
                    .filter(version -> wanted.isEmpty()
                            || wanted.contains(version.version().currentStage()))
                    .toList();
            return repository.whole(tx, found);
        });
    }

    /** Without a description the old one stays. */
    ModelVersion setDescription(String name, String version, Optional<String> description, Act act) {
        return change(name, version, (tx, found) -> {
            repository.setDescription(
                    tx, found.id(), description.orElse(found.version().description()), clock.millis());
            act.done(tx);
        });
    }

    /** @param archiveOthers moves the stage's other versions to Archived; only for Staging and Production */
    ModelVersion transition(String name, String version, String stage, boolean archiveOthers, Act act) {
        Stage target = Stage.named(stage);
        if (archiveOthers && !target.isServing()) {
            throw MillraceException.invalid("Model version transition cannot archive existing model versions because '"
                    + target.word() + "' is not an Active stage. Valid stages are ['Staging', 'Production']");
        }
        return change(name, version, (tx, found) -> {
            long now = clock.millis();
            repository.setStage(tx, found.id(), target, now);
            if (archiveOthers) repository.archiveOthers(tx, found, target, now);
            models.touch(tx, found.modelId());
            act.done(tx, Map.of("old_stage", found.version().currentStage(), "new_stage", target.word()));
        });
    }

    private interface Change {
        void apply(Handle tx, ModelVersionRepository.Stored version);
    }

    private ModelVersion change(String name, String version, Change change) {
        return database.write(tx -> {
            var found = require(tx, name, version);
            change.apply(tx, found);
            return whole(tx, require(tx, name, version));
        });
    }

    void delete(String name, String version, Act act) {
        database.change(tx -> {
            var found = require(tx, name, version);
            repository.delete(tx, found, clock.millis());
            act.done(tx);
            models.touch(tx, found.modelId());
        });
    }

    void setTag(String name, String version, Tag tag, Act act) {
        ModelNames.tag(tag);
        boolean prompt = database.write(tx -> {
            var found = require(tx, name, version);
            ModelVersionRepository.TAGS.put(tx, found.id(), List.of(tag));
            act.done(tx);
            return models.isPrompt(tx, found.modelId());
        });
        models.tell(RegistryEvent.versionTagSet(prompt, name, version, tag));
    }

    /** Deleting a tag that is not there changes nothing. */
    void deleteTag(String name, String version, String key, Act act) {
        boolean prompt = database.write(tx -> {
            var found = require(tx, name, version);
            ModelVersionRepository.TAGS.delete(tx, found.id(), key);
            act.done(tx);
            return models.isPrompt(tx, found.modelId());
        });
        models.tell(RegistryEvent.versionTagDeleted(prompt, name, version, key));
    }

    private ModelVersionRepository.Stored require(Handle tx, String name, String version) {
        return models.requireVersion(tx, name, ModelNames.version(version));
    }

    private ModelVersion whole(Handle tx, ModelVersionRepository.Stored version) {
        return repository.whole(tx, List.of(version)).get(0);
    }
}
