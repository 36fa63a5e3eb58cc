package dev.millrace.registry.resource.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * SQL of evenly spaced points of a long history, for a chart: the first of each of equal groups, as SQL's NTILE makes
 * them, the first groups one longer where they cannot be equal; of the last group its end, so that both ends are kept, as
 * in MLflow. Two passes over the primary key, no sort; where groups are long, the second reads no point that is not given.
 */
final class MetricSample {
    /** Points in a group from which on a query for each group costs less than to number all points; measured. */
    private static final int LONG_GROUP = 64;

    private static final String SERIES = " FROM metrics m WHERE m.run_id = :run AND m.key = :key AND m.step <= :to";
    private static final String WITHIN = SERIES + " AND m.step >= :from";
    private static final String SORTED = " ORDER BY m.step, m.ts, m.value, m.is_nan";
    private static final String SELECT = "SELECT " + MetricRepository.COLUMNS;

    private final Handle tx;
    private final HistoryService.Interval interval;
    private final Map<String, Object> bound;

    MetricSample(Handle tx, long runId, String key, HistoryService.Interval interval) {
        this.tx = tx;
        this.interval = interval;
        this.bound = Map.of("run", runId, "key", key, "from", interval.from(), "to", interval.to());
    }

    /** By step, time, value; at most as many as the interval says. */
    List<Metric> points() {
        long all = tx.createQuery("SELECT COUNT(*)" + WITHIN)
                .bindMap(bound)
                .mapTo(Long.class)
                .one();
        if (all <= interval.maxResults()) {
            return tx.createQuery(SELECT + WITHIN + SORTED)
                    .bindMap(bound)
                    .map(MetricRepository::metric)
                    .list();
        }
        return all / interval.maxResults() < LONG_GROUP ? numbered(all) : hopped(all);
    }

    /** Numbers all points and picks among them. */
    private List<Metric> numbered(long all) {
        long group = all / interval.maxResults();
        return tx.createQuery(
                        """
                        SELECT %s FROM (SELECT %s, ROW_NUMBER() OVER (%s) - 1 AS place %s) m
                        WHERE m.place = :all - 1 OR m.place < :all - :group AND
                          CASE WHEN m.place < :longer THEN m.place %% (:group + 1) ELSE (m.place - :longer) %% :group END = 0
                        %s"""
                                .formatted(MetricRepository.COLUMNS, MetricRepository.COLUMNS, SORTED, WITHIN, SORTED))
                .bindMap(bound)
                .bind("all", all)
                .bind("group", group)
                .bind("longer", all % interval.maxResults() * (group + 1))
                .map(MetricRepository::metric)
                .list();
    }

    /** Goes along the index from each point that is picked to the next, counting those between. */
    private List<Metric> hopped(long all) {
        // One lower bound alone: SQLite begins at the bound it likes, which could be that of the whole interval.
        String next = SELECT + SERIES + " AND (m.step, m.ts, m.value, m.is_nan) >= (:step, :time, :value, :nan)"
                + SORTED + " LIMIT 1 OFFSET :hop";
        int most = interval.maxResults();
        List<Metric> picked = new ArrayList<>(most);
        Metric last = new Metric("", -Double.MAX_VALUE, Long.MIN_VALUE, interval.from()); // before all
        long lastPlace = 0;
        long start = 0;
        for (int group = 0; group < most; group++) {
            long end = start + all / most + (group < all % most ? 1 : 0);
            long place = group == most - 1 ? end - 1 : start;
            last = tx.createQuery(next)
                    .bindMap(bound)
                    .bind("step", last.step())
                    .bind("time", last.timestamp())
                    .bind("value", last.storedValue())
                    .bind("nan", last.isNan() ? 1 : 0)
                    .bind("hop", place - lastPlace)
                    .map(MetricRepository::metric)
                    .one();
            picked.add(last);
            lastPlace = place;
            start = end;
        }
        return picked;
    }
}
