package dev.millrace.registry.resource.models;

import static dev.millrace.registry.resource.models.RegisteredModelRoutes.name;

import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
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

    public void register(MlflowApi api) {
        api.post("/model-versions/create", request -> answer(versions.create(newVersion(request))))
                .get("/model-versions/get", request -> answer(versions.get(name(request), version(request))))
                .get(
                        "/model-versions/search",
                        request -> Searches.answer(
                                "model_versions", versions.search(Searches.request(request, MOST, MOST))))
                .get(
                        "/model-versions/get-download-uri",
                        request -> Map.of("artifact_uri", versions.downloadUri(name(request), version(request))))
                .patch(
                        "/model-versions/update",
                        request -> answer(
                                versions.setDescription(name(request), version(request), request.text("description"))))
                .post(
                        "/model-versions/transition-stage",
                        request -> answer(versions.transition(
                                name(request),
                                version(request),
                                request.requiredText("stage"),
                                request.flag("archive_existing_versions"))))
                .command(
                        HandlerType.DELETE,
                        "/model-versions/delete",
                        request -> versions.delete(name(request), version(request)))
                .command(
                        HandlerType.POST,
                        "/model-versions/set-tag",
                        request -> versions.setTag(name(request), version(request), RegisteredModelRoutes.tag(request)))
                .command(
                        HandlerType.DELETE,
                        "/model-versions/delete-tag",
                        request -> versions.deleteTag(name(request), version(request), request.requiredText("key")))
                .get("/registered-models/get-latest-versions", this::latest)
                .post("/registered-models/get-latest-versions", this::latest);
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
