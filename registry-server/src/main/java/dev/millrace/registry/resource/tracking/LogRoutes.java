package dev.millrace.registry.resource.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.naming.Excerpt;
import dev.millrace.registry.platform.storage.Tag;
import io.javalin.http.HandlerType;
import java.util.List;

/** {@code runs/log-*}, {@code runs/set-tag}, {@code runs/delete-tag}. */
public final class LogRoutes {
    private static final List<String> MODEL_FIELDS = List.of("artifact_path", "flavors", "run_id", "utc_time_created");

    private static final int MOST_MODEL_CHARS = 1 << 20;
    private static final int SHOWN = 500;

    private final LogService logs;

    public LogRoutes(LogService logs) {
        this.logs = logs;
    }

    public void register(MlflowApi api) {
        api.command(
                        HandlerType.POST,
                        "/runs/log-metric",
                        request -> logs.log(request.runId(), LogService.Batch.ofMetric(metric(request))))
                .command(HandlerType.POST, "/runs/log-parameter", this::logParam)
                .command(HandlerType.POST, "/runs/log-param", this::logParam)
                .command(
                        HandlerType.POST,
                        "/runs/set-tag",
                        request -> logs.log(request.runId(), LogService.Batch.ofTag(ExperimentRoutes.tag(request))))
                .command(
                        HandlerType.POST,
                        "/runs/delete-tag",
                        request -> logs.deleteTag(request.runId(), request.requiredText("key")))
                .command(HandlerType.POST, "/runs/log-batch", this::logBatch)
                .command(
                        HandlerType.POST,
                        "/runs/log-model",
                        request -> logs.logModel(request.runId(), modelJson(request.requiredText("model_json"))));
    }

    private void logParam(Fields request) {
        Tag param = ExperimentRoutes.tag(request);
        logs.log(request.runId(), LogService.Batch.ofParam(param));
    }

    private void logBatch(Fields request) {
        List<LoggedMetric> metrics = request.items("metrics", LogRoutes::metric);
        List<Tag> params = request.items("params", ExperimentRoutes::tag);
        List<Tag> tags = request.items("tags", ExperimentRoutes::tag);
        Limits.batch(metrics, params, tags);
        logs.log(request.runId(), LogService.Batch.of(metrics, params, tags));
    }

    private static String modelJson(String text) {
        JsonNode model = modelTree(text);
        List<String> missing = MODEL_FIELDS.stream()
                .filter(field -> !model.has(field))
                .map(field -> "'" + field + "'")
                .toList();
        if (missing.isEmpty()) return model.toString();
        throw MillraceException.invalid("Model json is missing mandatory fields: {" + String.join(", ", missing) + "}");
    }

    private static JsonNode modelTree(String text) {
        if (text.length() > MOST_MODEL_CHARS) {
            throw MillraceException.invalid(
                    "`model_json` may have " + MOST_MODEL_CHARS + " characters, this has " + text.length() + ".");
        }
        try {
            return StrictJson.tree(text);
        } catch (MillraceException malformed) {
            throw new MillraceException(
                    malformed.kind(),
                    "Malformed model info. \n " + Excerpt.of(text, SHOWN) + " \n is not a valid JSON.",
                    malformed);
        }
    }

    private static LoggedMetric metric(Fields request) {
        return new LoggedMetric(
                new Metric(
                        request.requiredText("key"),
                        request.requiredDouble("value"),
                        request.requiredInteger("timestamp"),
                        request.integer("step").orElse(0L)),
                request.nonEmptyText("model_id"),
                request.nonEmptyText("dataset_name"),
                request.nonEmptyText("dataset_digest"));
    }
}
