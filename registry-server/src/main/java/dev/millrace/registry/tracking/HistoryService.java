package dev.millrace.registry.tracking;

import dev.millrace.registry.search.Page;
import dev.millrace.registry.search.Search;
import dev.millrace.registry.search.SearchRequest;
import dev.millrace.registry.storage.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
     * Points at evenly spaced steps of each run by itself; an unknown run has none.
     *
     * @param interval {@code maxResults} is the number of steps kept of each run
     */
    List<MetricOfRun> sampled(List<String> runIds, String key, Interval interval) {
        return database.read(tx -> {
            List<MetricOfRun> found = new ArrayList<>();
            for (String runId : runIds) {
                runs.find(tx, runId).ifPresent(run -> metrics.at(tx, run.id(), key, steps(tx, run, key, interval))
                        .forEach(metric -> found.add(MetricOfRun.of(metric, runId))));
            }
            return found;
        });
    }

    private List<Long> steps(Handle tx, StoredRun run, String key, Interval interval) {
        return evenly(metrics.steps(tx, run.id(), key, interval.from(), interval.to()), interval.maxResults());
    }

    /**
     * The first of each of {@code parts} groups as SQL's NTILE makes them, the first groups one longer when they are not
     * equal; of the last group its end. So the first and the last step are kept, as in MLflow.
     */
    static List<Long> evenly(List<Long> sorted, int parts) {
        if (sorted.size() <= parts) return sorted;
        List<Long> kept = new ArrayList<>(parts);
        int longer = sorted.size() % parts;
        int start = 0;
        for (int i = 0; i < parts - 1; i++) {
            kept.add(sorted.get(start));
            start += sorted.size() / parts + (i < longer ? 1 : 0);
        }
        kept.add(sorted.get(sorted.size() - 1));
        return kept;
    }
}
