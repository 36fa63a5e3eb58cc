package dev.millrace.registry.resource.tracking;

import static dev.millrace.registry.platform.http.Topics.tells;
import static dev.millrace.registry.security.access.Rule.edit;
import static dev.millrace.registry.security.access.Rule.log;
import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.experimentOrDefault;
import static dev.millrace.registry.security.access.Where.experiments;
import static dev.millrace.registry.security.access.Where.knownRuns;
import static dev.millrace.registry.security.access.Where.parentRun;
import static dev.millrace.registry.security.access.Where.runs;

import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import dev.millrace.registry.platform.http.Topics;
import dev.millrace.registry.security.access.Where;
import dev.millrace.registry.security.audit.Act;
import io.javalin.http.HandlerType;
import java.util.Map;

/** {@code runs/create get update delete restore search}. */
public final class RunRoutes {
    private static final int USUAL = 1_000;
    private static final int MOST = 50_000;

    /** What every call touches that changes a run. */
    static final Topics CHANGED = tells("runs", "run:{run_id}", "run:{run_uuid}");

    private final RunService runs;

    public RunRoutes(RunService runs) {
        this.runs = runs;
    }

    public void register(MlflowApi<Act> api) {
        // A run that is there already is given back, wherever it is; a child is seen with its parent.
        Where begun = experimentOrDefault("experiment_id").and(knownRuns("tags[key=" + RunService.ID_TAG + "].value"));
        api.post(
                        "/runs/create",
                        request -> Map.of("run", runs.create(newRun(request))),
                        log(begun).whoSees(parentRun()),
                        tells("runs", "experiment:{experiment_id=0}"))
                .get("/runs/get", request -> Map.of("run", runs.get(request.runId())), view(runs()))
                .post(
                        "/runs/update",
                        request -> Map.of("run_info", runs.update(request.runId(), change(request))),
                        log(runs()),
                        CHANGED)
                .order(
                        HandlerType.POST,
                        "/runs/delete",
                        (request, act) -> runs.delete(request.runId(), act),
                        edit(runs()),
                        CHANGED)
                .order(
                        HandlerType.POST,
                        "/runs/restore",
                        (request, act) -> runs.restore(request.runId(), act),
                        edit(runs()),
                        CHANGED)
                .pages("/runs/search", this::search, view(experiments("experiment_ids")));
    }

    private static RunService.NewRun newRun(Fields request) {
        return new RunService.NewRun(
                request.nonEmptyText("experiment_id").orElse("0"),
                request.text("user_id").orElse(""),
                request.nonEmptyText("run_name"),
                request.integer("start_time").orElse(0L),
                request.items("tags", ExperimentRoutes::tag));
    }

    private static RunService.Change change(Fields request) {
        return new RunService.Change(
                request.oneOf("status", RunService.STATUSES),
                request.integer("end_time"),
                request.nonEmptyText("run_name"));
    }

    private Object search(Fields request) {
        return Searches.answer(
                "runs",
                runs.search(
                        request.texts("experiment_ids"),
                        ViewType.of(request, "run_view_type"),
                        Searches.request(request, USUAL, MOST)));
    }
}
