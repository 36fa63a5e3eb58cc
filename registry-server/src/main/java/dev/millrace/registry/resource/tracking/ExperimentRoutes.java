package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.storage.Tag;
import io.javalin.http.HandlerType;
import java.util.Map;

/** {@code experiments/*}. */
public final class ExperimentRoutes {
    private static final int MOST = 50_000;

    private final ExperimentService experiments;

    public ExperimentRoutes(ExperimentService experiments) {
        this.experiments = experiments;
    }

    public void register(MlflowApi api) {
        api.post("/experiments/create", this::create)
                .get("/experiments/get", request -> one(experiments.get(request.requiredText("experiment_id"))))
                .get(
                        "/experiments/get-by-name",
                        request -> one(experiments.getByName(request.requiredText("experiment_name"))))
                .post("/experiments/search", this::search)
                .get("/experiments/search", this::search)
                .command(
                        HandlerType.POST,
                        "/experiments/update",
                        request -> experiments.rename(
                                request.requiredText("experiment_id"), request.requiredText("new_name")))
                .command(
                        HandlerType.POST,
                        "/experiments/delete",
                        request -> experiments.delete(request.requiredText("experiment_id")))
                .command(
                        HandlerType.POST,
                        "/experiments/restore",
                        request -> experiments.restore(request.requiredText("experiment_id")))
                .command(
                        HandlerType.POST,
                        "/experiments/set-experiment-tag",
                        request -> experiments.setTag(request.requiredText("experiment_id"), tag(request)))
                .command(
                        HandlerType.POST,
                        "/experiments/delete-experiment-tag",
                        request -> experiments.deleteTag(
                                request.requiredText("experiment_id"), request.requiredText("key")));
    }

    private Object create(Fields request) {
        return Map.of(
                "experiment_id",
                experiments.create(
                        request.requiredText("name"),
                        request.nonEmptyText("artifact_location"),
                        request.items("tags", ExperimentRoutes::tagItem)));
    }

    private Object search(Fields request) {
        // 0 when absent, which is refused as such: MLflow has no usual number here
        Page<Experiment> page =
                experiments.search(Searches.request(request, 0, MOST), ViewType.of(request, "view_type"));
        return Searches.answer("experiments", page);
    }

    /** One of several tags or params: that it has a key is said by the rule for keys. */
    static Tag tagItem(Fields request) {
        return new Tag(request.text("key").orElse(""), request.text("value").orElse(""));
    }

    /** A tag: its key is required, its value may be empty. */
    static Tag tag(Fields request) {
        return new Tag(request.requiredText("key"), request.text("value").orElse(""));
    }

    private static Object one(Experiment experiment) {
        return Map.of("experiment", experiment);
    }
}
