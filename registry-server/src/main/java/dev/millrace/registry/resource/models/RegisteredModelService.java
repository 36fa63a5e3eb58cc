package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.StorageErrors;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.platform.storage.Work;
import dev.millrace.registry.security.audit.Act;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** Rules of registered models and their aliases. */
public final class RegisteredModelService {
    private final Database database;
    private final RegistryEvents events;
    private final Clock clock;
    private final RegisteredModelRepository models = new RegisteredModelRepository();
    private final ModelVersionRepository versions = new ModelVersionRepository();

    public RegisteredModelService(Database database, RegistryEvents events, Clock clock) {
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    RegisteredModel create(String name, String description, String deploymentJobId, List<Tag> tags, Act act) {
        ModelNames.name(name);
        tags.forEach(ModelNames::tag);
        RegisteredModel made = unique(() -> taken(name, tags), tx -> {
            long id = models.insert(tx, name, description, deploymentJobId, clock.millis());
            RegisteredModelRepository.TAGS.put(tx, id, tags);
            act.done(tx);
            return whole(tx, require(tx, name));
        });
        events.happened(RegistryEvent.modelCreated(name, description, tags));
        return made;
    }

    private <T> T unique(Supplier<String> taken, Work<T> work) {
        try {
            return database.write(work);
        } catch (RuntimeException failed) {
            if (!StorageErrors.isUniqueViolation(failed)) throw failed;
            throw new MillraceException(ErrorKind.ALREADY_EXISTS, taken.get(), failed);
        }
    }

    private static String taken(String name) {
        return "Registered Model (name=" + name + ") already exists.";
    }

    /** Models and prompts share their names. */
    private String taken(String name, List<Tag> tags) {
        boolean wanted = RegistryEvent.isPrompt(tags);
        boolean there = database.read(tx ->
                models.find(tx, name).map(model -> isPrompt(tx, model.id())).orElse(wanted));
        if (wanted == there) return wanted ? "Prompt (name=" + name + ") already exists." : taken(name);
        return "Tried to create a " + kind(wanted) + " with name '" + name + "', but the name is already taken by a "
                + kind(there) + ".";
    }

    private static String kind(boolean prompt) {
        return prompt ? "prompt" : "registered model";
    }

    RegisteredModel get(String name) {
        return database.read(tx -> whole(tx, require(tx, name)));
    }

    Page<RegisteredModel> search(SearchRequest request) {
        Search search = Search.of(RegisteredModelRepository.SCHEMA, request);
        return database.read(tx -> models.search(tx, search).page(found -> whole(tx, found)));
    }

    RegisteredModel rename(String name, String newName, Act act) {
        ModelNames.name(newName);
        return unique(() -> taken(newName), tx -> {
            var old = require(tx, name);
            models.update(
                    tx,
                    new RegisteredModelRepository.Stored(
                            old.id(),
                            newName,
                            old.description(),
                            old.deploymentJobId(),
                            old.createdAt(),
                            clock.millis()));
            act.done(tx, Map.of("old_name", name, "new_name", newName));
            return whole(tx, require(tx, newName));
        });
    }

    RegisteredModel update(String name, Optional<String> description, Optional<String> deploymentJobId, Act act) {
        return database.write(tx -> {
            var old = require(tx, name);
            models.update(
                    tx,
                    new RegisteredModelRepository.Stored(
                            old.id(),
                            name,
                            description.orElse(old.description()),
                            deploymentJobId.orElse(old.deploymentJobId()),
                            old.createdAt(),
                            clock.millis()));
            act.done(tx);
            return whole(tx, require(tx, name));
        });
    }

    void delete(String name, Act act) {
        database.change(tx -> {
            long id = require(tx, name).id();
            versions.deleteAll(tx, id);
            models.delete(tx, id);
            act.done(tx);
        });
    }

    void setTag(String name, Tag tag, Act act) {
        ModelNames.tag(tag);
        boolean prompt = database.write(tx -> {
            long id = require(tx, name).id();
            RegisteredModelRepository.TAGS.put(tx, id, List.of(tag));
            models.touch(tx, id, clock.millis());
            act.done(tx);
            return isPrompt(tx, id);
        });
        if (prompt) events.happened(RegistryEvent.promptTagSet(name, tag));
    }

    /** Deleting a tag that is not there changes nothing. */
    void deleteTag(String name, String key, Act act) {
        boolean prompt = database.write(tx -> {
            long id = require(tx, name).id();
            if (RegisteredModelRepository.TAGS.delete(tx, id, key)) models.touch(tx, id, clock.millis());
            act.done(tx);
            return isPrompt(tx, id);
        });
        if (prompt) events.happened(RegistryEvent.promptTagDeleted(name, key));
    }

    /** Prompts are models with a tag; what happens to them has names of its own. */
    boolean isPrompt(Handle tx, long id) {
        return RegistryEvent.isPrompt(RegisteredModelRepository.TAGS.of(tx, id));
    }

    /** Tells what happened to one of this model's versions. Call when it is on disk. */
    void tell(RegistryEvent event) {
        events.happened(event);
    }

    /** Points {@code alias} at a version, moving it from the one that held it. */
    void setAlias(String name, String alias, String version, Act act) {
        ModelNames.freeAlias(alias);
        int number = ModelNames.version(version);
        boolean prompt = database.write(tx -> {
            long id = requireVersion(tx, name, number).modelId();
            act.done(tx, Map.of("old_version", holder(tx, id, alias), "new_version", number));
            models.setAlias(tx, id, alias, number);
            models.touch(tx, id, clock.millis());
            return isPrompt(tx, id);
        });
        events.happened(RegistryEvent.aliasSet(prompt, name, alias, version));
    }

    /** The version that holds an alias, for the audit. */
    private String holder(Handle tx, long id, String alias) {
        return models.versionOf(tx, id, alias).map(String::valueOf).orElse("none");
    }

    void deleteAlias(String name, String alias, Act act) {
        ModelNames.alias(alias);
        boolean prompt = database.write(tx -> {
            long id = require(tx, name).id();
            act.done(tx, Map.of("old_version", holder(tx, id, alias)));
            models.deleteAlias(tx, id, alias);
            models.touch(tx, id, clock.millis());
            return isPrompt(tx, id);
        });
        events.happened(RegistryEvent.aliasDeleted(prompt, name, alias));
    }

    /** @throws MillraceException USAGE for an unknown alias, as MLflow answers */
    ModelVersion byAlias(String name, String alias) {
        return database.read(tx ->
                versions.whole(tx, List.of(requireByAlias(tx, name, alias))).get(0));
    }

    ModelVersionRepository.Stored requireByAlias(Handle tx, String name, String alias) {
        ModelNames.alias(alias);
        if (ModelNames.isLatest(alias)) return requireLatest(tx, name);
        int number = models.versionOf(tx, require(tx, name).id(), alias)
                .orElseThrow(() -> MillraceException.invalid("Registered model alias " + alias + " not found."));
        return requireVersion(tx, name, number);
    }

    ModelVersionRepository.Stored requireVersion(Handle tx, String name, int number) {
        return findVersion(tx, name, number)
                .orElseThrow(() -> MillraceException.notFound(
                        "Model Version (name=" + name + ", version=" + number + ") not found"));
    }

    Optional<ModelVersionRepository.Stored> findVersion(Handle tx, String name, int number) {
        return models.find(tx, name).flatMap(model -> versions.find(tx, model.id(), number));
    }

    /** The highest version, in whatever stage. */
    ModelVersionRepository.Stored requireLatest(Handle tx, String name) {
        return versions.latest(tx, List.of(require(tx, name).id())).stream()
                .max(Comparator.comparingInt(ModelVersionRepository.Stored::number))
                .orElseThrow(() -> MillraceException.notFound("Latest version not found for model " + name + "."));
    }

    RegisteredModelRepository.Stored require(Handle tx, String name) {
        return models.find(tx, name)
                .orElseThrow(() -> MillraceException.notFound("Registered Model with name=" + name + " not found"));
    }

    void touch(Handle tx, long modelId) {
        models.touch(tx, modelId, clock.millis());
    }

    private RegisteredModel whole(Handle tx, RegisteredModelRepository.Stored model) {
        return whole(tx, List.of(model)).get(0);
    }

    private List<RegisteredModel> whole(Handle tx, List<RegisteredModelRepository.Stored> found) {
        List<Long> ids =
                found.stream().map(RegisteredModelRepository.Stored::id).toList();
        List<ModelVersionRepository.Stored> latest = versions.latest(tx, ids);
        List<ModelVersion> wholeLatest = versions.whole(tx, latest);
        Map<Long, List<ModelVersion>> byModel = new HashMap<>();
        for (int i = 0; i < latest.size(); i++) {
            byModel.computeIfAbsent(latest.get(i).modelId(), id -> new ArrayList<>())
                    .add(wholeLatest.get(i));
        }
        Map<Long, List<Tag>> tags = RegisteredModelRepository.TAGS.of(tx, ids);
        Map<Long, List<RegisteredModel.Alias>> aliases = models.aliases(tx, ids);
        return found.stream()
                .map(model -> new RegisteredModel(
                        model.name(),
                        model.createdAt(),
                        model.updatedAt(),
                        Optional.of(model.description()).filter(text -> !text.isEmpty()),
                        byModel.getOrDefault(model.id(), List.of()),
                        tags.getOrDefault(model.id(), List.of()),
                        aliases.getOrDefault(model.id(), List.of()),
                        Optional.of(model.deploymentJobId()).filter(text -> !text.isEmpty())))
                .toList();
    }
}
