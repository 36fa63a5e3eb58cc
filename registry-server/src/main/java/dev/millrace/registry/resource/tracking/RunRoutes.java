package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import io.javalin.http.HandlerType;
import java.util.Map;

/** {@code runs/create get update delete restore search}. */
public final class RunRoutes {
    private static final int USUAL = 1_000;
    private static final int MOST = 50_000;

    private final RunService runs;

    public RunRoutes(RunService runs) {
        this.runs = runs;
    }

    public void register(MlflowApi api) {
        api.post("/runs/create", request -> Map.of("run", runs.create(newRun(request))))
                .get("/runs/get", request -> Map.of("run", runs.get(request.runId())))
                .post("/runs/update", request -> Map.of("run_info", runs.update(request.runId(), change(request))))
                .command(HandlerType.POST, "/runs/delete", request -> runs.delete(request.runId()))
                .command(HandlerType.POST, "/runs/restore", request -> runs.restore(request.runId()))
                .pages("/runs/search", this::search);
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
