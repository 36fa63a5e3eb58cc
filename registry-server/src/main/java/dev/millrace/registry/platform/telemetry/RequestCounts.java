package dev.millrace.registry.platform.telemetry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests by route and status, and how long they took. A route is its pattern, never a path, so there are as many series
 * as the server has routes. Thread-safe; figures read while requests end may be one request apart.
 */
public final class RequestCounts {
    /** Upper bounds in milliseconds; the last bucket has none. */
    static final double[] BOUNDS = {1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000};

    private final Map<Outcome, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final Map<Route, Times> times = new ConcurrentHashMap<>();

    /** @param pattern {@code /api/2.0/mlflow/runs/get} */
    record Route(String method, String pattern) {}

    record Outcome(Route route, int status) {}

    /** How long the requests of one route took. */
    static final class Times {
        private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
        private final LongAdder micros = new LongAdder();

        Times() {
            for (int i = 0; i < buckets.length; i++) buckets[i] = new LongAdder();
        }

        private void add(double millis) {
            int bucket = 0;
            while (bucket < BOUNDS.length && millis > BOUNDS[bucket]) bucket++;
            buckets[bucket].increment();
            micros.add((long) (millis * 1_000));
        }

        /** Requests in each bucket, not cumulated. */
        long[] counts() {
            long[] counts = new long[buckets.length];
            for (int i = 0; i < counts.length; i++) counts[i] = buckets[i].sum();
            return counts;
        }

        double seconds() {
            return micros.sum() / 1e6;
        }
    }

    /** Counts a request that was answered. */
    public void add(String method, String pattern, int status, double millis) {
        Route route = new Route(method, pattern);
        outcomes.computeIfAbsent(new Outcome(route, status), first -> new LongAdder())
                .increment();
        times.computeIfAbsent(route, first -> new Times()).add(millis);
    }

    Map<Outcome, LongAdder> outcomes() {
        return outcomes;
    }

    Map<Route, Times> times() {
        return times;
    }
}
