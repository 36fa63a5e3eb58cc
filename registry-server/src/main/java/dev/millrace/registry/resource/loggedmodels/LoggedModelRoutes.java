package dev.millrace.registry.resource.loggedmodels;

import static dev.millrace.registry.security.access.Rule.edit;
import static dev.millrace.registry.security.access.Rule.log;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.experiments;
import static dev.millrace.registry.security.access.Where.loggedModels;
import static dev.millrace.registry.security.access.Where.runsIn;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.security.access.Where;
import dev.millrace.registry.security.audit.Act;
import io.javalin.http.HandlerType;
import java.util.Map;

/** {@code logged-models*}. */
public final class LoggedModelRoutes {
    private static final int USUAL = 50;
    private static final int MOST = 1_000;

    private final LoggedModelService models;

    public LoggedModelRoutes(LoggedModelService models) {
        this.models = models;
    }

    public void register(MlflowApi<Act> api) {
        String one = "/logged-models/{model_id}";
        Where model = loggedModels("model_id");
        Where made = experiments("experiment_id").and(runsIn("source_run_id"));
        api.post("/logged-models", request -> model(models.create(newModel(request))), log(made))
                .post("/logged-models/search", this::search, view(experiments("experiment_ids")))
                .get(one, request -> model(models.get(id(request))), view(model))
                .patch(one, request -> model(models.setStatus(id(request), request.requiredText("status"))), log(model))
                .order(HandlerType.DELETE, one, (request, act) -> models.delete(id(request), act), edit(model))
                .command(
                        HandlerType.PATCH,
                        one + "/tags",
                        request -> models.setTags(id(request), request.items("tags", LoggedModelRoutes::pair)),
                        log(model))
                .command(
                        HandlerType.DELETE,
                        one + "/tags/{tag_key}",
                        request -> models.deleteTag(id(request), request.requiredText("tag_key")),
                        log(model))
                .command(
                        HandlerType.POST,
                        one + "/params",
                        request -> models.logParams(id(request), request.items("params", LoggedModelRoutes::pair)),
                        log(model));
    }

    private static String id(Fields request) {
        return request.requiredText("model_id");
    }

    private static Tag pair(Fields request) {
        return new Tag(request.requiredText("key"), request.text("value").orElse(""));
    }

    private static LoggedModelService.NewModel newModel(Fields request) {
        return new LoggedModelService.NewModel(
                request.requiredText("experiment_id"),
                request.nonEmptyText("name"),
                request.text("model_type").orElse(""),
                request.text("source_run_id").orElse(""),
                request.items("params", LoggedModelRoutes::pair),
                request.items("tags", LoggedModelRoutes::pair));
    }

    private Object search(Fields request) {
        if (!request.isGiven("experiment_ids")) throw request.missing("experiment_ids");
        return Searches.answer(
                "models",
                models.search(new LoggedModelQuery(
                        request.texts("experiment_ids").stream()
                                .map(LoggedModelRoutes::number)
                                .toList(),
                        request.text("filter").orElse(""),
                        request.items("datasets", LoggedModelRoutes::dataset),
                        request.items("order_by", LoggedModelRoutes::order),
                        most(request),
                        request.nonEmptyText("page_token"))));
    }

    /** 0 is the usual number, as in MLflow. */
    private static int most(Fields request) {
        boolean usual = request.integer("max_results").orElse(0L) == 0;
        return usual ? USUAL : request.maxResults(USUAL, MOST);
    }

    private static LoggedModelQuery.DatasetFilter dataset(Fields dataset) {
        String name = dataset.nonEmptyText("dataset_name")
                .orElseThrow(
                        () -> MillraceException.invalid("`dataset_name` in the `datasets` clause must be specified."));
        return new LoggedModelQuery.DatasetFilter(name, dataset.nonEmptyText("dataset_digest"));
    }

    /** Ascending is the default. */
    private static LoggedModelQuery.OrderBy order(Fields term) {
        return new LoggedModelQuery.OrderBy(
                term.text("field_name").orElse(""),
                !term.isGiven("ascending") || term.flag("ascending"),
                term.nonEmptyText("dataset_name"),
                term.nonEmptyText("dataset_digest"));
    }

    private static long number(String experimentId) {
        if (experimentId.matches("[0-9]{1,18}")) return Long.parseLong(experimentId);
        throw MillraceException.invalid(
                "Invalid experiment ID '" + experimentId + "'. Experiment ID must be a valid integer.");
    }

    private static Object model(LoggedModel model) {
        return Map.of("model", model);
    }
}
