package dev.millrace.registry.resource.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.search.Narrowing;
import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** SQL of drift rows. The key is in columns, the row as it came in {@code row_json}. */
final class DriftRepository {
    static final SearchSchema SCHEMA = new SearchSchema(
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(
                    new OrderPart("d.window_start", false),
                    new OrderPart("d.column_name", false),
                    new OrderPart("d.version", false),
                    new OrderPart("d.window_end", false),
                    new OrderPart("d.slice_key", false),
                    new OrderPart("d.slice_value", false),
                    new OrderPart("d.drift_type", false)),
            List.of());

    /** Whose rows these are. */
    record Key(String model, String version, long windowStart) {}

    /** What is asked for; absent: any. */
    record Asked(
            String model,
            Optional<String> version,
            Optional<String> column,
            Optional<String> driftType,
            Optional<Long> from,
            Optional<Long> to) {}

    void put(Handle tx, Key key, DriftPut put, long now) {
        PreparedBatch batch = tx.prepareBatch(
                """
                INSERT INTO drift_rows (model, version, window_start, window_end, column_name, slice_key, slice_value,
                  drift_type, verdict, run_uuid, granularity, row_json, written_at)
                VALUES (:model, :version, :start, :end, :column, :slice_key, :slice_value, :type, :verdict, :run,
                  :granularity, :json, :now)
                ON CONFLICT (model, version, window_start, window_end, column_name, slice_key, slice_value, drift_type)
                DO UPDATE SET verdict = excluded.verdict, run_uuid = excluded.run_uuid,
                  granularity = excluded.granularity, row_json = excluded.row_json, written_at = excluded.written_at""");
        // Of a key that comes twice the last stays; PostgreSQL takes a batch as one statement, which may not change a
        // row twice.
        Map<List<Object>, DriftRow> last = new LinkedHashMap<>();
        put.rows()
                .forEach(row -> last.put(
                        List.of(end(row, key), row.columnName(), row.sliceKey(), row.sliceValue(), row.driftType()),
                        row));
        for (DriftRow row : last.values()) {
            batch.bind("model", key.model())
                    .bind("version", key.version())
                    .bind("start", key.windowStart())
                    .bind("end", end(row, key))
                    .bind("column", row.columnName())
                    .bind("slice_key", row.sliceKey().orElse(""))
                    .bind("slice_value", row.sliceValue().orElse(""))
                    .bind("type", row.driftType())
                    .bind("verdict", row.verdict().orElse(""))
                    .bind("run", put.runId())
                    .bind("granularity", put.granularity())
                    .bind("json", StrictJson.text(row))
                    .bind("now", now)
                    .add();
        }
        batch.execute();
    }

    private static long end(DriftRow row, Key key) {
        return row.window().end().orElse(key.windowStart());
    }

    Page<JsonNode> rows(Handle tx, Search search, Asked asked) {
        Narrowing narrowing = new Narrowing("d.model = :model AND d.window_start >= :from AND d.window_start < :to")
                .bind("model", asked.model())
                .bind("from", asked.from().orElse(Long.MIN_VALUE))
                .bind("to", asked.to().orElse(Long.MAX_VALUE))
                .and("d.version", "version", asked.version())
                .and("d.column_name", "column", asked.column())
                .and("d.drift_type", "type", asked.driftType());
        return search.page(
                tx,
                "d.row_json",
                "drift_rows d",
                narrowing.where(),
                narrowing.bound(),
                (row, context) -> StrictJson.tree(row.getString("row_json")));
    }

    /** Columns of a model, by name. */
    List<String> columns(Handle tx, String model) {
        return tx.createQuery("SELECT DISTINCT column_name FROM drift_rows WHERE model = :model ORDER BY column_name")
                .bind("model", model)
                .mapTo(String.class)
                .list();
    }

    /** By model, each with the highest version that has the newest window. */
    List<DriftModel> models(Handle tx) {
        return tx.createQuery(
                        """
                        SELECT l.model, l.windows, l.first_window, l.latest_window, l.latest_version,
                          (SELECT COUNT(DISTINCT n.column_name) FROM drift_rows n
                           WHERE n.model = l.model AND n.version = l.latest_version
                             AND n.window_start = l.latest_window AND n.verdict = 'drift') AS drifted
                        FROM (SELECT s.model, s.windows, s.first_window, s.latest_window,
                                (SELECT v.version FROM drift_rows v
                                 WHERE v.model = s.model AND v.window_start = s.latest_window
                                 ORDER BY LENGTH(v.version) DESC, v.version DESC LIMIT 1) AS latest_version
                              FROM (SELECT model, COUNT(DISTINCT window_start) AS windows,
                                      MIN(window_start) AS first_window, MAX(window_start) AS latest_window
                                    FROM drift_rows GROUP BY model) s) l
                        ORDER BY l.model""")
                .map((row, context) -> new DriftModel(
                        row.getString("model"),
                        row.getString("latest_version"),
                        row.getLong("windows"),
                        row.getLong("first_window"),
                        row.getLong("latest_window"),
                        row.getLong("drifted")))
                .list();
    }
}
