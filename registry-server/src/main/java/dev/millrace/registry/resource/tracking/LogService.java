package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Keys;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What is logged to runs. A batch is all or nothing, and sending it again changes nothing: params may be repeated with
 * the same value, points already there are not added, tags overwrite.
 */
public final class LogService {
    private final Database database;
    private final RunService runs;
    private final LoggedModelMetrics modelMetrics;
    private final MetricRepository metrics = new MetricRepository();

    public LogService(Database database, RunService runs, LoggedModelMetrics modelMetrics) {
        this.database = database;
        this.runs = runs;
        this.modelMetrics = modelMetrics;
    }

    /**
     * What is logged at once.
     *
     * @param single one thing by a call of its own; messages name its fields without {@code tags[0].}
     */
    record Batch(List<LoggedMetric> metrics, List<Tag> params, List<Tag> tags, boolean single) {
        static Batch ofMetric(LoggedMetric metric) {
            return new Batch(List.of(metric), List.of(), List.of(), true);
        }

        static Batch ofParam(Tag param) {
            return new Batch(List.of(), List.of(param), List.of(), true);
        }

        static Batch ofTag(Tag tag) {
            return new Batch(List.of(), List.of(), List.of(tag), true);
        }

        static Batch of(List<LoggedMetric> metrics, List<Tag> params, List<Tag> tags) {
            return new Batch(metrics, params, tags, false);
        }

        private String path(String list, int index) {
            return single ? "" : list + "[" + index + "].";
        }

        Batch {
            metrics = List.copyOf(metrics);
            params = params.stream()
                    .map(param -> new Tag(param.key(), Limits.cut(param.value(), Limits.PARAM)))
                    .toList();
            tags = tags.stream()
                    .map(tag -> new Tag(tag.key(), Limits.cut(tag.value(), Limits.RUN_TAG)))
                    .toList();
        }
    }

    void log(String runId, Batch batch) {
        requireValid(batch);
        database.change(tx -> {
            StoredRun run = runs.requireActive(tx, runId);
            params(tx, run, batch);
            metrics.add(
                    tx,
                    run.id(),
                    batch.metrics().stream().map(LoggedMetric::point).toList());
            List<LoggedMetric> ofModels = batch.metrics().stream()
                    .filter(metric -> metric.modelId().isPresent())
                    .toList();
            if (!ofModels.isEmpty()) modelMetrics.record(tx, runId, ofModels);
            tags(tx, run, batch.tags());
        });
    }

    private static void requireValid(Batch batch) {
        for (int i = 0; i < batch.metrics().size(); i++) {
            Metric metric = batch.metrics().get(i).point();
            Keys.require(metric.key(), batch.path("metrics", i) + "name", "Metric name");
            if (metric.timestamp() < 0) {
                throw MillraceException.invalid("Invalid value " + metric.timestamp() + " for parameter '"
                        + batch.path("metrics", i) + "timestamp' supplied: metric '" + metric.key() + "' (value="
                        + metric.value() + "). Timestamp must be a nonnegative long (64-bit integer) ");
            }
        }
        Map<String, Integer> count = new LinkedHashMap<>();
        for (int i = 0; i < batch.params().size(); i++) {
            String key = Keys.require(batch.params().get(i).key(), batch.path("params", i) + "key", "Param key");
            count.merge(key, 1, Integer::sum);
        }
        List<String> twice = count.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
        if (!twice.isEmpty()) {
            throw MillraceException.invalid("Duplicate parameter keys have been submitted: " + python(twice)
                    + ". Please ensure the request contains only one param value per param key.");
        }
        for (int i = 0; i < batch.tags().size(); i++) {
            String path = batch.path("tags", i) + "key";
            Keys.require(batch.tags().get(i).key(), path, path);
        }
    }

    private void params(Handle tx, StoredRun run, Batch batch) {
        List<Tag> params = batch.params();
        if (params.isEmpty()) return;
        Map<String, String> known = new LinkedHashMap<>();
        RunRepository.PARAMS.of(tx, run.id()).forEach(param -> known.put(param.key(), param.value()));
        List<Tag> changed = params.stream()
                .filter(param -> known.containsKey(param.key())
                        && !known.get(param.key()).equals(param.value()))
                .toList();
        if (!changed.isEmpty()) throw immutable(run, changed, known, batch.single());
        RunRepository.PARAMS.putNew(tx, run.id(), params);
    }

    private static MillraceException immutable(
            StoredRun run, List<Tag> changed, Map<String, String> known, boolean single) {
        String runId = run.info().runId();
        if (single) {
            Tag param = changed.get(0);
            return MillraceException.invalid("Changing param values is not allowed. Param with key='" + param.key()
                    + "' was already logged with value='" + known.get(param.key()) + "' for run ID='" + runId
                    + "'. Attempted logging new value '" + param.value() + "'.");
        }
        List<String> all = changed.stream()
                .map(param -> "{'key': '" + param.key() + "', 'old_value': '" + known.get(param.key())
                        + "', 'new_value': '" + param.value() + "'}")
                .toList();
        return MillraceException.invalid("Changing param values is not allowed. Params were already logged='" + all
                + "' for run ID='" + runId + "'.");
    }

    /** A run cannot lose its name: an empty one changes nothing. */
    private void tags(Handle tx, StoredRun run, List<Tag> tags) {
        List<Tag> kept = tags.stream()
                .filter(tag ->
                        !(tag.key().equals(RunService.NAME_TAG) && tag.value().isEmpty()))
                .toList();
        RunRepository.TAGS.put(tx, run.id(), kept);
        Optional<String> name = kept.stream()
                .filter(tag -> tag.key().equals(RunService.NAME_TAG))
                .map(Tag::value)
                .reduce((first, last) -> last);
        name.ifPresent(value -> runs.renameByTag(tx, run, value));
    }

    void deleteTag(String runId, String key) {
        database.change(tx -> {
            StoredRun run = runs.requireActive(tx, runId);
            if (!RunRepository.TAGS.delete(tx, run.id(), key)) {
                throw MillraceException.notFound("No tag with name: " + key + " in run with id " + runId);
            }
        });
    }

    /** Old clients' way of saying that a model was logged: a tag that holds a JSON list. */
    void logModel(String runId, String modelJson) {
        database.change(tx -> {
            StoredRun run = runs.requireActive(tx, runId);
            String key = "mlflow.log-model.history";
            String before = RunRepository.TAGS.find(tx, run.id(), key).orElse("[]");
            String list = before.equals("[]")
                    ? "[" + modelJson + "]"
                    : before.substring(0, before.length() - 1) + ", " + modelJson + "]";
            RunRepository.TAGS.put(tx, run.id(), List.of(new Tag(key, list)));
        });
    }

    private static String python(List<String> words) {
        return words.stream().map(word -> "'" + word + "'").toList().toString();
    }
}
