package dev.millrace.registry.resource.tracking;

import static dev.millrace.registry.platform.http.Topics.tells;
import static dev.millrace.registry.security.access.Rule.edit;
import static dev.millrace.registry.security.access.Rule.listOfExperiments;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.experimentNames;
import static dev.millrace.registry.security.access.Where.experiments;
import static dev.millrace.registry.security.access.Where.location;

import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import dev.millrace.registry.platform.http.Topics;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.security.access.Rule;
import dev.millrace.registry.security.access.Where;
import dev.millrace.registry.security.audit.Act;
import io.javalin.http.HandlerType;
import java.util.Map;

/** {@code experiments/*}. */
public final class ExperimentRoutes {
    private static final int MOST = 50_000;

    private final ExperimentService experiments;

    public ExperimentRoutes(ExperimentService experiments) {
        this.experiments = experiments;
    }

    public void register(MlflowApi<Act> api) {
        Where one = experiments("experiment_id");
        Topics changed = tells("experiments", "experiment:{experiment_id}");
        Rule list = listOfExperiments("experiments", "name");
        api.change(
                        HandlerType.POST,
                        "/experiments/create",
                        this::create,
                        edit(experimentNames("name").and(location("artifact_location"))),
                        tells("experiments"))
                .get("/experiments/get", request -> one(experiments.get(id(request))), view(one))
                .get(
                        "/experiments/get-by-name",
                        request -> one(experiments.getByName(request.requiredText("experiment_name"))),
                        view(experimentNames("experiment_name")))
                .post("/experiments/search", this::search, list)
                .get("/experiments/search", this::search, list)
                .order(
                        HandlerType.POST,
                        "/experiments/update",
                        (request, act) -> experiments.rename(id(request), request.requiredText("new_name"), act),
                        edit(one.and(experimentNames("new_name"))),
                        changed)
                .order(
                        HandlerType.POST,
                        "/experiments/delete",
                        (request, act) -> experiments.delete(id(request), act),
                        edit(one),
                        changed)
                .order(
                        HandlerType.POST,
                        "/experiments/restore",
                        (request, act) -> experiments.restore(id(request), act),
                        edit(one),
                        changed)
                .order(
                        HandlerType.POST,
                        "/experiments/set-experiment-tag",
                        (request, act) -> experiments.setTag(id(request), tag(request), act),
                        edit(one),
                        changed)
                .order(
                        HandlerType.POST,
                        "/experiments/delete-experiment-tag",
                        (request, act) -> experiments.deleteTag(id(request), request.requiredText("key"), act),
                        edit(one),
                        changed);
    }

    private static String id(Fields request) {
        return request.requiredText("experiment_id");
    }

    private Object create(Fields request, Act act) {
        return Map.of(
                "experiment_id",
                experiments.create(
                        request.requiredText("name"),
                        request.nonEmptyText("artifact_location"),
                        request.items("tags", ExperimentRoutes::tagItem),
                        act));
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
