package dev.millrace.registry.resource.tracking;

import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.experiments;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Bodies;
import dev.millrace.registry.platform.http.MlflowApi;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/** {@code POST /api/v1/runs/groups}: what MLflow's search cannot say, how many runs there are and how they did by group. */
public final class RunGroupRoutes {
    private static final int USUAL = 50;
    private static final int MOST = 500;
    private static final int MOST_METRICS = 20;

    private final RunService runs;

    public RunGroupRoutes(RunService runs) {
        this.runs = runs;
    }

    public void register(RoutesConfig routes) {
        routes.post("/api/v1/runs/groups", this::groups, view(experiments("experiment_ids")));
    }

    private void groups(Context http) {
        Body body = Bodies.json(http, Body.class);
        MlflowApi.answer(http, runs.groups(body.experimentIds, body.shown(), body.asked()));
    }

    record Body(
            List<String> experimentIds,
            Optional<String> filter,
            Optional<String> runViewType,
            Optional<String> by,
            List<String> metrics,
            Optional<Integer> maxGroups) {
        Body {
            experimentIds = experimentIds == null ? List.of() : List.copyOf(experimentIds);
            metrics = metrics == null ? List.of() : List.copyOf(metrics);
        }

        ViewType shown() {
            return runViewType.map(ViewType::of).orElse(ViewType.ACTIVE_ONLY);
        }

        RunGroups.Asked asked() {
            int most = maxGroups.orElse(USUAL);
            if (most < 1 || most > MOST) {
                throw MillraceException.invalid("`max_groups` must be from 1 to " + MOST + ", not " + most + ".");
            }
            if (metrics.size() > MOST_METRICS) {
                throw MillraceException.invalid(
                        "At most " + MOST_METRICS + " `metrics` can be summed up at once, not " + metrics.size() + ".");
            }
            return new RunGroups.Asked(filter.orElse(""), by, metrics, most);
        }
    }
}
