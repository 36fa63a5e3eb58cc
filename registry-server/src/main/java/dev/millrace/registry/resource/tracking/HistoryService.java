package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.platform.storage.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Histories of metrics: whole, of many runs, or thinned out for a chart. */
public final class HistoryService {
    private final Database database;
    private final RunService runs;
    private final MetricRepository metrics = new MetricRepository();

    public HistoryService(Database database, RunService runs) {
        this.database = database;
        this.runs = runs;
    }

    /** All points by timestamp, step, value; an unknown run has none, as in MLflow. */
    Page<Metric> history(String runId, String key, int maxResults, Optional<String> token) {
        Search search = Search.of(MetricRepository.HISTORY, SearchRequest.all(runId + " " + key, maxResults, token));
        return database.read(tx -> runs.find(tx, runId)
                .map(run -> metrics.history(tx, search, run.id(), key))
                .orElse(new Page<>(List.of(), Optional.empty())));
    }

    /** Histories of several runs, one after the other, at most {@code limit} points in all. */
    List<MetricOfRun> bulk(List<String> runIds, String key, int limit) {
        List<MetricOfRun> found = new ArrayList<>();
        for (String runId : runIds.stream().sorted().toList()) {
            int left = limit - found.size();
            if (left <= 0) break;
            history(runId, key, left, Optional.empty())
                    .items()
                    .forEach(metric -> found.add(MetricOfRun.of(metric, runId)));
        }
        return found;
    }

    /**
     * What of a run's points to draw.
     *
     * @param from the first step, {@code to} the last
     * @param maxResults how many points are kept of each run
     */
    record Interval(long from, long to, int maxResults) {}

    /** Evenly spaced points of each run by itself, by step, time, value; an unknown run has none. */
    List<MetricOfRun> sampled(List<String> runIds, String key, Interval interval) {
        return database.read(tx -> {
            List<MetricOfRun> found = new ArrayList<>();
            for (String runId : runIds) {
                runs.find(tx, runId).ifPresent(run -> new MetricSample(tx, run.id(), key, interval)
                        .points()
                        .forEach(metric -> found.add(MetricOfRun.of(metric, runId))));
            }
            return found;
        });
    }
}
