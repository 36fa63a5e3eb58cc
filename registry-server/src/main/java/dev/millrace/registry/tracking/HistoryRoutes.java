package dev.millrace.registry.tracking;

import dev.millrace.registry.error.MillraceException;
import dev.millrace.registry.http.Fields;
import dev.millrace.registry.http.MlflowApi;
import dev.millrace.registry.http.Searches;
import java.util.List;
import java.util.Map;

/** {@code metrics/get-history*}. */
public final class HistoryRoutes {
    private static final int ALL = 1_000_000;
    private static final int BULK = 25_000;
    private static final int SAMPLE = 2_500;
    private static final int RUNS = 100;

    private final HistoryService histories;

    public HistoryRoutes(HistoryService histories) {
        this.histories = histories;
    }

    public void register(MlflowApi api) {
        api.get("/metrics/get-history", this::history)
                .get("/metrics/get-history-bulk", this::bulk)
                .get("/metrics/get-history-bulk-interval", this::interval);
    }

    private Object history(Fields request) {
        return Searches.answer(
                "metrics",
                histories.history(
                        request.runId(),
                        request.requiredText("metric_key"),
                        request.maxResults(ALL, ALL),
                        request.nonEmptyText("page_token")));
    }

    private Object bulk(Fields request) {
        return listed(histories.bulk(
                runs(request, "run_id"), request.requiredText("metric_key"), request.maxResults(BULK, BULK)));
    }

    private Object interval(Fields request) {
        if (request.isGiven("start_step") != request.isGiven("end_step")) {
            throw MillraceException.invalid("If either start step or end step are specified, both must be specified.");
        }
        HistoryService.Interval interval = new HistoryService.Interval(
                request.integer("start_step").orElse(Long.MIN_VALUE),
                request.integer("end_step").orElse(Long.MAX_VALUE),
                request.maxResults(SAMPLE, SAMPLE));
        if (interval.from() > interval.to()) {
            throw MillraceException.invalid("end_step must be greater than start_step. Found start_step="
                    + interval.from() + " and end_step=" + interval.to() + ".");
        }
        return listed(histories.sampled(runs(request, "run_ids"), request.requiredText("metric_key"), interval));
    }

    private static List<String> runs(Fields request, String field) {
        List<String> runs = request.texts(field);
        if (runs.isEmpty()) throw request.missing(field);
        if (runs.size() <= RUNS) return runs;
        throw MillraceException.invalid("GetMetricHistoryBulk request must specify at most " + RUNS
                + " run_ids. Received " + runs.size() + ".");
    }

    private static Object listed(List<MetricOfRun> metrics) {
        return metrics.isEmpty() ? Map.of() : Map.of("metrics", metrics);
    }
}
