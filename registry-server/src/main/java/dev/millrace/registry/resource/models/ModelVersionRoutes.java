package dev.millrace.registry.resource.models;

import static dev.millrace.registry.platform.http.Topics.tells;
import static dev.millrace.registry.resource.models.RegisteredModelRoutes.CHANGED;
import static dev.millrace.registry.resource.models.RegisteredModelRoutes.name;
import static dev.millrace.registry.security.access.Rule.approve;
import static dev.millrace.registry.security.access.Rule.edit;
import static dev.millrace.registry.security.access.Rule.listOfModels;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.models;
import static dev.millrace.registry.security.access.Where.source;

import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import dev.millrace.registry.security.access.Where;
import dev.millrace.registry.security.audit.Act;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Map;

/** {@code model-versions/*} and {@code registered-models/get-latest-versions}. */
public final class ModelVersionRoutes {
    private static final int MOST = 200_000;

    private final ModelVersionService versions;

    public ModelVersionRoutes(ModelVersionService versions) {
        this.versions = versions;
    }

    public void register(MlflowApi<Act> api) {
        Where one = models("name");
        // A version can be downloaded by whoever sees its model: the maker must have been able to see what it is made
        // of.
        api.change(
                        HandlerType.POST,
                        "/model-versions/create",
                        (request, act) -> answer(versions.create(newVersion(request), act)),
                        edit(one).whoSees(source()),
                        tells("models", "model:{name}", "run:{run_id}"))
                .get("/model-versions/get", request -> answer(versions.get(name(request), version(request))), view(one))
                .get("/model-versions/search", this::search, listOfModels("model_versions", "name"))
                .get(
                        "/model-versions/get-download-uri",
                        request -> Map.of("artifact_uri", versions.downloadUri(name(request), version(request))),
                        view(one))
                .change(HandlerType.PATCH, "/model-versions/update", this::describe, edit(one), CHANGED)
                .change(HandlerType.POST, "/model-versions/transition-stage", this::transition, approve(one), CHANGED)
                .order(
                        HandlerType.DELETE,
                        "/model-versions/delete",
                        (request, act) -> versions.delete(name(request), version(request), act),
                        approve(one),
                        CHANGED)
                .order(
                        HandlerType.POST,
                        "/model-versions/set-tag",
                        (request, act) -> versions.setTag(
                                name(request), version(request), RegisteredModelRoutes.tag(request), act),
                        edit(one),
                        CHANGED)
                .order(
                        HandlerType.DELETE,
                        "/model-versions/delete-tag",
                        (request, act) ->
                                versions.deleteTag(name(request), version(request), request.requiredText("key"), act),
                        edit(one),
                        CHANGED)
                .get("/registered-models/get-latest-versions", this::latest, view(one))
                .post("/registered-models/get-latest-versions", this::latest, view(one));
    }

    private Object search(Fields request) {
        return Searches.answer("model_versions", versions.search(Searches.request(request, MOST, MOST)));
    }

    private Object describe(Fields request, Act act) {
        return answer(versions.setDescription(name(request), version(request), request.text("description"), act));
    }

    private Object transition(Fields request, Act act) {
        return answer(versions.transition(
                name(request),
                version(request),
                request.requiredText("stage"),
                request.flag("archive_existing_versions"),
                act));
    }

    private static String version(Fields request) {
        return request.requiredText("version");
    }

    private static ModelVersionService.NewVersion newVersion(Fields request) {
        return new ModelVersionService.NewVersion(
                name(request),
                request.requiredText("source"),
                request.text("run_id").orElse(""),
                request.nonEmptyText("model_id"),
                request.text("run_link").orElse(""),
                request.text("description").orElse(""),
                request.items("tags", RegisteredModelRoutes::tagItem));
    }

    private Object latest(Fields request) {
        List<ModelVersion> found = versions.latest(name(request), request.texts("stages"));
        return found.isEmpty() ? Map.of() : Map.of("model_versions", found);
    }

    private static Object answer(ModelVersion version) {
        return Map.of("model_version", version);
    }
}
