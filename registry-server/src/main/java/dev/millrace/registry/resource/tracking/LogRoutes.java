package dev.millrace.registry.resource.tracking;

import static dev.millrace.registry.security.access.Where.loggedModels;
import static dev.millrace.registry.security.access.Where.parentRun;
import static dev.millrace.registry.security.access.Where.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.naming.Excerpt;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.security.access.Rule;
import dev.millrace.registry.security.audit.Act;
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

    public void register(MlflowApi<Act> api) {
        Rule own = Rule.log(runs());
        Rule tags = own.whoSees(parentRun());
        // A metric may also be a logged model's, of whatever experiment: whoever measures it changes it.
        Rule metric = Rule.log(runs().and(loggedModels("model_id")));
        Rule batch = Rule.log(runs().and(loggedModels("metrics[].model_id"))).whoSees(parentRun());
        command(api, "log-metric", request -> log(request, LogService.Batch.ofMetric(metric(request))), metric);
        command(api, "log-parameter", this::logParam, own);
        command(api, "log-param", this::logParam, own);
        command(api, "set-tag", request -> log(request, LogService.Batch.ofTag(ExperimentRoutes.tag(request))), tags);
        command(api, "delete-tag", request -> logs.deleteTag(request.runId(), request.requiredText("key")), own);
        command(api, "log-batch", this::logBatch, batch);
        command(
                api,
                "log-model",
                request -> logs.logModel(request.runId(), modelJson(request.requiredText("model_json"))),
                own);
    }

    private static void command(MlflowApi<Act> api, String call, MlflowApi.Command command, Rule rule) {
        api.command(HandlerType.POST, "/runs/" + call, command, rule, RunRoutes.CHANGED);
    }

    private void log(Fields request, LogService.Batch batch) {
        logs.log(request.runId(), batch);
    }

    private void logParam(Fields request) {
        log(request, LogService.Batch.ofParam(ExperimentRoutes.tag(request)));
    }

    private void logBatch(Fields request) {
        List<LoggedMetric> metrics = request.items("metrics", LogRoutes::metric);
        List<Tag> params = request.items("params", ExperimentRoutes::tag);
        List<Tag> tags = request.items("tags", ExperimentRoutes::tag);
        Limits.batch(metrics, params, tags);
        log(request, LogService.Batch.of(metrics, params, tags));
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
