package dev.millrace.registry.tracking;

import dev.millrace.registry.error.MillraceException;
import dev.millrace.registry.storage.Database;
import dev.millrace.registry.storage.Tag;
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

    /** What is logged at once. */
    record Batch(List<LoggedMetric> metrics, List<Tag> params, List<Tag> tags) {
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
            params(tx, run, batch.params());
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
            Limits.key(metric.key(), "metrics[" + i + "].name");
            if (metric.timestamp() < 0) {
                throw MillraceException.invalid("Got invalid timestamp " + metric.timestamp() + " for metric '"
                        + metric.key() + "' (value=" + metric.value() + "). Timestamp must be a nonnegative long");
            }
        }
        Map<String, Integer> count = new LinkedHashMap<>();
        for (int i = 0; i < batch.params().size(); i++) {
            String key = Limits.key(batch.params().get(i).key(), "params[" + i + "].key");
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
            Limits.key(batch.tags().get(i).key(), "tags[" + i + "].key");
        }
    }

    private void params(Handle tx, StoredRun run, List<Tag> params) {
        if (params.isEmpty()) return;
        Map<String, String> known = new LinkedHashMap<>();
        RunRepository.PARAMS.of(tx, run.id()).forEach(param -> known.put(param.key(), param.value()));
        List<Tag> changed = params.stream()
                .filter(param -> known.containsKey(param.key())
                        && !known.get(param.key()).equals(param.value()))
                .toList();
        if (!changed.isEmpty()) throw immutable(run, changed, known, params.size() == 1);
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

    private void tags(Handle tx, StoredRun run, List<Tag> tags) {
        RunRepository.TAGS.put(tx, run.id(), tags);
        Optional<String> name = tags.stream()
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
