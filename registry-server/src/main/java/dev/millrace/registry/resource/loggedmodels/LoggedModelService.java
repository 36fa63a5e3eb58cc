package dev.millrace.registry.resource.loggedmodels;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.naming.Ids;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.resource.tracking.LoggedMetric;
import dev.millrace.registry.resource.tracking.LoggedModelMetrics;
import dev.millrace.registry.security.audit.Act;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Rules of logged models: params are written once, deletion is soft, metrics come with the runs that measured them. */
public final class LoggedModelService implements LoggedModelMetrics {
    private static final String VERSIONS = "mlflow.modelVersions";
    private static final Set<String> STATUSES =
            Set.of("LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED");

    private final Database database;
    private final ExperimentLocations experiments;
    private final Ids ids;
    private final Clock clock;
    private final LoggedModelRepository repository = new LoggedModelRepository();

    public LoggedModelService(Database database, ExperimentLocations experiments, Ids ids, Clock clock) {
        this.database = database;
        this.experiments = experiments;
        this.ids = ids;
        this.clock = clock;
    }

    /** What {@code POST logged-models} is given. */
    record NewModel(
            String experimentId,
            Optional<String> name,
            String modelType,
            String sourceRunId,
            List<Tag> params,
            List<Tag> tags) {}

    LoggedModel create(NewModel wanted) {
        wanted.name().ifPresent(LoggedModelService::requireName);
        String modelId = "m-" + ids.id();
        return database.write(tx -> {
            String location = experiments.ofActive(tx, wanted.experimentId());
            long now = clock.millis();
            var stored = repository.insert(
                    tx,
                    new LoggedModel.Info(
                            modelId,
                            wanted.experimentId(),
                            wanted.name().orElseGet(ids::name),
                            now,
                            now,
                            location + "/models/" + modelId + "/artifacts",
                            "LOGGED_MODEL_PENDING",
                            wanted.modelType(),
                            wanted.sourceRunId(),
                            Optional.empty(),
                            List.of()));
            LoggedModelRepository.PARAMS.put(tx, stored.id(), wanted.params());
            LoggedModelRepository.TAGS.put(tx, stored.id(), wanted.tags());
            return whole(tx, stored);
        });
    }

    private static void requireName(String name) {
        if (name.chars().anyMatch(c -> "/:.%\"'".indexOf(c) >= 0)) {
            throw MillraceException.invalid("Invalid model name ('" + name
                    + "') provided. Model name must be a non-empty string and cannot contain the following characters:"
                    + " ('/', ':', '.', '%', '\"', \"'\")");
        }
    }

    LoggedModel get(String modelId) {
        return database.read(tx -> whole(tx, require(tx, modelId)));
    }

    /** What others may know of a model. */
    public LoggedModel.Info info(String modelId) {
        return database.look(tx -> require(tx, modelId)).info();
    }

    LoggedModel setStatus(String modelId, String status) {
        if (!STATUSES.contains(status)) {
            throw MillraceException.invalid("Invalid model status: " + status + ". Expected one of " + STATUSES);
        }
        return database.write(tx -> {
            repository.setStatus(tx, require(tx, modelId).id(), status, clock.millis());
            return whole(tx, require(tx, modelId));
        });
    }

    /** Deleting twice is the same as once. */
    void delete(String modelId, Act act) {
        database.change(tx -> {
            if (!repository.delete(tx, modelId, clock.millis())) throw unknown(modelId);
            act.done(tx);
        });
    }

    void setTags(String modelId, List<Tag> tags) {
        database.change(
                tx -> LoggedModelRepository.TAGS.put(tx, require(tx, modelId).id(), tags));
    }

    /** Notes among a model's tags that a version was made of it, as MLflow's server does; one deleted meanwhile has none. */
    public void addVersion(Handle tx, String modelId, String name, int version) {
        repository.find(tx, modelId).ifPresent(model -> {
            String made = "{\"name\": " + StrictJson.text(name) + ", \"version\": " + version + "}";
            String known = LoggedModelRepository.TAGS
                    .find(tx, model.id(), VERSIONS)
                    .filter(text -> text.matches("(?s)\\[\\s*\\{.*}\\s*]"))
                    .map(text -> text.substring(1, text.length() - 1) + ", ")
                    .orElse("");
            LoggedModelRepository.TAGS.put(tx, model.id(), List.of(new Tag(VERSIONS, "[" + known + made + "]")));
        });
    }

    void deleteTag(String modelId, String key) {
        database.change(tx -> {
            if (!LoggedModelRepository.TAGS.delete(tx, require(tx, modelId).id(), key)) {
                throw MillraceException.notFound(
                        "No tag with key '" + key + "' found for model with ID '" + modelId + "'.");
            }
        });
    }

    /** Written once: the same value again changes nothing, another is refused. */
    void logParams(String modelId, List<Tag> params) {
        database.change(tx -> {
            long id = require(tx, modelId).id();
            for (Tag param : params) {
                Optional<String> known = LoggedModelRepository.PARAMS.find(tx, id, param.key());
                if (known.isPresent() && !known.get().equals(param.value())) {
                    throw MillraceException.invalid("Param '" + param.key() + "' of model " + modelId + " is '"
                            + known.get() + "' and cannot become '" + param.value() + "'.");
                }
            }
            LoggedModelRepository.PARAMS.putNew(tx, id, params);
        });
    }

    Page<LoggedModel> search(LoggedModelQuery query) {
        LoggedModelSchema schema = LoggedModelSchema.of(query);
        Search search = Search.of(schema.schema(), schema.request());
        if (query.experiments().isEmpty()) return new Page<>(List.of(), Optional.empty());
        return database.read(tx -> repository.search(tx, search, schema).page(models -> repository.whole(tx, models)));
    }

    /** Metrics about a model that is unknown here stay with their run alone. */
    @Override
    public void record(Handle tx, String runId, List<LoggedMetric> metrics) {
        Map<String, List<LoggedMetric>> byModel = new LinkedHashMap<>();
        for (LoggedMetric metric : metrics) {
            metric.modelId().ifPresent(model -> byModel.computeIfAbsent(model, id -> new ArrayList<>())
                    .add(metric));
        }
        byModel.forEach((modelId, ofModel) ->
                repository.find(tx, modelId).ifPresent(model -> repository.addMetrics(tx, model.id(), runId, ofModel)));
    }

    private LoggedModelRepository.Stored require(Handle tx, String modelId) {
        return repository.find(tx, modelId).orElseThrow(() -> unknown(modelId));
    }

    private static MillraceException unknown(String modelId) {
        return MillraceException.notFound("Logged model with ID '" + modelId + "' not found.");
    }

    private LoggedModel whole(Handle tx, LoggedModelRepository.Stored model) {
        return repository.whole(tx, List.of(model)).get(0);
    }
}
