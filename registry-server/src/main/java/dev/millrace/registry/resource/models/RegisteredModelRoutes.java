package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import dev.millrace.registry.platform.storage.Tag;
import io.javalin.http.HandlerType;
import java.util.Map;

/** {@code registered-models/*}. */
public final class RegisteredModelRoutes {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;

    private final RegisteredModelService models;

    public RegisteredModelRoutes(RegisteredModelService models) {
        this.models = models;
    }

    public void register(MlflowApi api) {
        api.post("/registered-models/create", this::create)
                .get("/registered-models/get", request -> model(models.get(name(request))))
                .get("/registered-models/search", this::search)
                .post(
                        "/registered-models/rename",
                        request -> model(models.rename(name(request), request.requiredText("new_name"))))
                .patch(
                        "/registered-models/update",
                        request -> model(models.update(
                                name(request), request.text("description"), request.text("deployment_job_id"))))
                .command(HandlerType.DELETE, "/registered-models/delete", request -> models.delete(name(request)))
                .command(
                        HandlerType.POST,
                        "/registered-models/set-tag",
                        request -> models.setTag(name(request), tag(request)))
                .command(
                        HandlerType.DELETE,
                        "/registered-models/delete-tag",
                        request -> models.deleteTag(name(request), request.requiredText("key")))
                .command(
                        HandlerType.POST,
                        "/registered-models/alias",
                        request -> models.setAlias(
                                name(request), request.requiredText("alias"), request.requiredText("version")))
                .command(
                        HandlerType.DELETE,
                        "/registered-models/alias",
                        request -> models.deleteAlias(name(request), request.requiredText("alias")))
                .get(
                        "/registered-models/alias",
                        request ->
                                Map.of("model_version", models.byAlias(name(request), request.requiredText("alias"))));
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

    private Object create(Fields request) {
        return model(models.create(
                name(request),
                request.text("description").orElse(""),
                request.text("deployment_job_id").orElse(""),
                request.items("tags", RegisteredModelRoutes::tagItem)));
    }

    private Object search(Fields request) {
        return Searches.answer("registered_models", models.search(Searches.request(request, USUAL, MOST)));
    }

    private static Object model(RegisteredModel model) {
        return Map.of("registered_model", model);
    }
}
