package dev.millrace.registry.resource.models;

import static dev.millrace.registry.platform.http.Topics.tells;
import static dev.millrace.registry.security.access.Rule.admin;
import static dev.millrace.registry.security.access.Rule.approve;
import static dev.millrace.registry.security.access.Rule.edit;
import static dev.millrace.registry.security.access.Rule.listOfModels;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.models;

import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import dev.millrace.registry.platform.http.Topics;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.security.access.Where;
import dev.millrace.registry.security.audit.Act;
import io.javalin.http.HandlerType;
import java.util.Map;

/** {@code registered-models/*}. */
public final class RegisteredModelRoutes {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;

    /** What every call touches that changes a model or its versions. */
    static final Topics CHANGED = tells("models", "model:{name}");

    private final RegisteredModelService models;

    public RegisteredModelRoutes(RegisteredModelService models) {
        this.models = models;
    }

    public void register(MlflowApi<Act> api) {
        Where one = models("name");
        api.change(HandlerType.POST, "/registered-models/create", this::create, edit(one), CHANGED)
                .get("/registered-models/get", request -> model(models.get(name(request))), view(one))
                .get("/registered-models/search", this::search, listOfModels("registered_models", "name"))
                .change(
                        HandlerType.POST,
                        "/registered-models/rename",
                        (request, act) -> model(models.rename(name(request), request.requiredText("new_name"), act)),
                        approve(models("name", "new_name")),
                        tells("models", "model:{name}", "model:{new_name}"))
                .change(HandlerType.PATCH, "/registered-models/update", this::update, edit(one), CHANGED)
                .order(
                        HandlerType.DELETE,
                        "/registered-models/delete",
                        (request, act) -> models.delete(name(request), act),
                        admin(one),
                        CHANGED)
                .order(
                        HandlerType.POST,
                        "/registered-models/set-tag",
                        (request, act) -> models.setTag(name(request), tag(request), act),
                        edit(one),
                        CHANGED)
                .order(
                        HandlerType.DELETE,
                        "/registered-models/delete-tag",
                        (request, act) -> models.deleteTag(name(request), request.requiredText("key"), act),
                        edit(one),
                        CHANGED)
                .order(
                        HandlerType.POST,
                        "/registered-models/alias",
                        (request, act) ->
                                models.setAlias(name(request), alias(request), request.requiredText("version"), act),
                        approve(one),
                        CHANGED)
                .order(
                        HandlerType.DELETE,
                        "/registered-models/alias",
                        (request, act) -> models.deleteAlias(name(request), alias(request), act),
                        approve(one),
                        CHANGED)
                .get(
                        "/registered-models/alias",
                        request -> Map.of("model_version", models.byAlias(name(request), alias(request))),
                        view(one));
    }

    private static String alias(Fields request) {
        return request.requiredText("alias");
    }

    static String name(Fields request) {
        return request.requiredText("name");
    }

    static Tag tag(Fields request) {
        return new Tag(request.requiredText("key"), request.text("value").orElse(""));
    }

    /** One of several: that it has a key is said by the rule for keys. */
    static Tag tagItem(Fields request) {
        return new Tag(request.text("key").orElse(""), request.text("value").orElse(""));
    }

    private Object update(Fields request, Act act) {
        return model(models.update(name(request), request.text("description"), request.text("deployment_job_id"), act));
    }

    private Object create(Fields request, Act act) {
        return model(models.create(
                name(request),
                request.text("description").orElse(""),
                request.text("deployment_job_id").orElse(""),
                request.items("tags", RegisteredModelRoutes::tagItem),
                act));
    }

    private Object search(Fields request) {
        return Searches.answer("registered_models", models.search(Searches.request(request, USUAL, MOST)));
    }

    private static Object model(RegisteredModel model) {
        return Map.of("registered_model", model);
    }
}
