package dev.millrace.registry.resource.tracking;

import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.runs;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Searches;
import dev.millrace.registry.security.audit.Act;
import java.util.List;
import java.util.Map;

/** {@code metrics/get-history*}. */
public final class HistoryRoutes {
    private static final int ALL = 1_000_000;
    /** So that an answer takes at most a fifth of the usual heap; clients go on with the token. */
    private static final int PAGE = 250_000;

    private static final int BULK = 25_000;
    private static final int SAMPLE = 2_500;
    private static final int RUNS = 100;

    private final HistoryService histories;

    public HistoryRoutes(HistoryService histories) {
        this.histories = histories;
    }

    public void register(MlflowApi<Act> api) {
        api.get("/metrics/get-history", this::history, view(runs()))
                .get("/metrics/get-history-bulk", this::bulk, view(runs("run_ids")))
                .get("/metrics/get-history-bulk-interval", this::interval, view(runs("run_ids")));
    }

    private Object history(Fields request) {
        return Searches.answer(
                "metrics",
                histories.history(
                        request.runId(),
                        request.requiredText("metric_key"),
                        Math.min(request.maxResults(ALL, ALL), PAGE),
                        request.nonEmptyText("page_token")));
    }

    private Object bulk(Fields request) {
        List<String> runs = request.texts("run_id");
        if (runs.isEmpty()) {
            throw MillraceException.invalid("GetMetricHistoryBulk request must specify at least one run_id.");
        }
        if (runs.size() > RUNS) {
            throw MillraceException.invalid("GetMetricHistoryBulk request cannot specify more than " + RUNS
                    + " run_ids. Received " + runs.size() + " run_ids.");
        }
        String key = request.text("metric_key")
                .orElseThrow(
                        () -> MillraceException.invalid("GetMetricHistoryBulk request must specify a metric_key."));
        long most = request.integer("max_results").orElse((long) BULK);
        return Map.of("metrics", histories.bulk(runs, key, (int) Math.max(0, Math.min(most, BULK))));
    }

    private Object interval(Fields request) {
        List<String> runs = request.texts("run_ids");
        if (runs.isEmpty()) throw request.missing("run_ids");
        if (runs.size() > RUNS) {
            throw request.refused("GetMetricHistoryBulkInterval request must specify at most " + RUNS
                    + " run_ids. Received " + runs.size() + " run_ids.");
        }
        if (request.isGiven("start_step") != request.isGiven("end_step")) {
            throw MillraceException.invalid("If either start step or end step are specified, both must be specified.");
        }
        HistoryService.Interval interval = new HistoryService.Interval(
                request.integer("start_step").orElse(Long.MIN_VALUE),
                request.integer("end_step").orElse(Long.MAX_VALUE),
                sampled(request));
        if (interval.from() > interval.to()) {
            throw MillraceException.invalid("end_step must be greater than start_step. Found start_step="
                    + interval.from() + " and end_step=" + interval.to() + ".");
        }
        return listed(histories.sampled(runs, request.requiredText("metric_key"), interval));
    }

    private static int sampled(Fields request) {
        long most = request.integer("max_results").orElse((long) SAMPLE);
        if (most >= 1 && most <= SAMPLE) return (int) most;
        throw request.refused("max_results must be between 1 and " + SAMPLE + ".");
    }

    private static Object listed(List<MetricOfRun> metrics) {
        return metrics.isEmpty() ? Map.of() : Map.of("metrics", metrics);
    }
}
