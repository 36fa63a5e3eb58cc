package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchSchema;
import dev.millrace.registry.platform.storage.TagTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;

/** SQL of metrics: the whole history, and beside it the latest point of each key, which searches read. */
final class MetricRepository {
    static final SearchSchema HISTORY = new SearchSchema(
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(
                    new OrderPart("m.ts", false),
                    new OrderPart("m.step", false),
                    new OrderPart("m.value", false),
                    new OrderPart("m.is_nan", false)),
            List.of());
    static final String COLUMNS = "m.key, m.step, m.ts, m.value, m.is_nan";

    /** Adds points; those already there are not added twice. */
    void add(Handle tx, long runId, Collection<Metric> metrics) {
        if (metrics.isEmpty()) return;
        PreparedBatch history = tx.prepareBatch(
                """
                INSERT INTO metrics (run_id, key, step, ts, value, is_nan)
                VALUES (:run, :key, :step, :ts, :value, :nan) ON CONFLICT DO NOTHING""");
        Map<String, Metric> greatest = new HashMap<>();
        for (Metric metric : metrics) {
            bind(history, runId, metric);
            greatest.merge(metric.key(), metric, (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
        history.execute();
        PreparedBatch latest = tx.prepareBatch(
                """
                INSERT INTO latest_metrics (run_id, key, step, ts, value, is_nan)
                VALUES (:run, :key, :step, :ts, :value, :nan)
                ON CONFLICT (run_id, key) DO UPDATE
                SET step = excluded.step, ts = excluded.ts, value = excluded.value, is_nan = excluded.is_nan
                WHERE (excluded.step, excluded.ts, excluded.value)
                    > (latest_metrics.step, latest_metrics.ts, latest_metrics.value)""");
        greatest.values().forEach(metric -> bind(latest, runId, metric));
        latest.execute();
    }

    private static void bind(PreparedBatch batch, long runId, Metric metric) {
        batch.bind("run", runId)
                .bind("key", metric.key())
                .bind("step", metric.step())
                .bind("ts", metric.timestamp())
                .bind("value", metric.storedValue())
                .bind("nan", metric.isNan() ? 1 : 0)
                .add();
    }

    Map<Long, List<Metric>> latest(Handle tx, List<Long> runs) {
        Map<Long, List<Metric>> found = new HashMap<>();
        for (List<Long> chunk : TagTable.chunks(runs)) {
            tx.createQuery("SELECT m.run_id, " + COLUMNS
                            + " FROM latest_metrics m WHERE m.run_id IN (<runs>) ORDER BY m.run_id, m.key")
                    .bindList("runs", chunk)
                    .map((row, context) -> {
                        found.computeIfAbsent(row.getLong("run_id"), run -> new ArrayList<>())
                                .add(metric(row, context));
                        return 1;
                    })
                    .list();
        }
        return found;
    }

    Page<Metric> history(Handle tx, Search search, long runId, String key) {
        return search.page(
                tx,
                COLUMNS,
                "metrics m",
                "m.run_id = :run AND m.key = :key",
                Map.of("run", runId, "key", key),
                MetricRepository::metric);
    }

    static Metric metric(ResultSet row, StatementContext context) throws SQLException {
        double value = row.getInt("is_nan") == 1 ? Double.NaN : row.getDouble("value");
        return new Metric(row.getString("key"), value, row.getLong("ts"), row.getLong("step"));
    }
}
