package dev.millrace.registry.tracking;

import dev.millrace.registry.search.Page;
import dev.millrace.registry.search.Search;
import dev.millrace.registry.search.SearchRequest;
import dev.millrace.registry.storage.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

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

    /** Steps to draw between two bounds. */
    record Interval(long from, long to, int maxResults) {}

    /**
     * Points at evenly spaced steps of all runs together, and at the first and last step of each.
     *
     * @param interval {@code maxResults} is the number of steps kept
     */
    List<MetricOfRun> sampled(List<String> runIds, String key, Interval interval) {
        return database.read(tx -> {
            List<StoredRun> known =
                    runIds.stream().map(runId -> runs.require(tx, runId)).toList();
            List<Long> steps = steps(tx, known, key, interval);
            List<MetricOfRun> found = new ArrayList<>();
            for (StoredRun run : known) {
                metrics.at(tx, run.id(), key, steps)
                        .forEach(metric ->
                                found.add(MetricOfRun.of(metric, run.info().runId())));
            }
            return found;
        });
    }

    private List<Long> steps(Handle tx, List<StoredRun> known, String key, Interval interval) {
        TreeSet<Long> all = new TreeSet<>();
        TreeSet<Long> kept = new TreeSet<>();
        for (StoredRun run : known) {
            List<Long> ofRun = metrics.steps(tx, run.id(), key, interval.from(), interval.to());
            all.addAll(ofRun);
            if (ofRun.isEmpty()) continue;
            kept.add(ofRun.get(0));
            kept.add(ofRun.get(ofRun.size() - 1));
        }
        List<Long> sorted = List.copyOf(all);
        if (sorted.size() <= interval.maxResults()) return sorted;
        double stride = (double) sorted.size() / interval.maxResults();
        for (int i = 0; i < interval.maxResults(); i++) kept.add(sorted.get((int) (i * stride)));
        return List.copyOf(kept);
    }
}
