package dev.millrace.registry.resource.drift;

import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.storage.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the rows of {@code drift_rows}, where servers before decision 0280 stored them, into blocks: a window at a time, each
 * in a transaction of its own, so that it goes on where it was ended.
 */
final class Conversion {
    private static final Logger LOG = LoggerFactory.getLogger(Conversion.class);
    /** As many as a request may have; more of one window come as further parts. */
    private static final int AT_ONCE = 10_000;

    private final Database database;
    private final Clock clock;

    Conversion(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A row of the old table. */
    private record Old(String run, String granularity, DriftRow row) {}

    void run() {
        long moved = 0;
        for (int more = next(); more > 0; more = next()) moved += more;
        if (moved > 0) LOG.info("drift rows converted: {}", moved);
    }

    private int next() {
        boolean done = database.read(tx -> tx.createQuery("SELECT 1 FROM drift_rows LIMIT 1")
                .mapTo(Integer.class)
                .findOne()
                .isEmpty());
        return done ? 0 : database.write(this::window);
    }

    private int window(Handle tx) {
        Optional<DriftKey> first = tx.createQuery(
                        """
                        SELECT model, version, window_start FROM drift_rows
                        ORDER BY model, version, window_start LIMIT 1""")
                .map((row, context) ->
                        new DriftKey(row.getString("model"), row.getString("version"), row.getLong("window_start")))
                .findOne();
        if (first.isEmpty()) return 0;
        DriftKey key = first.get();
        List<Old> rows = rows(tx, key);
        List<DriftRow> part = new ArrayList<>();
        int parts = 0;
        for (int i = 0; i < rows.size(); i++) {
            part.add(rows.get(i).row());
            boolean ends = i + 1 == rows.size() || !sameRequest(rows.get(i), rows.get(i + 1)) || part.size() == AT_ONCE;
            if (!ends) continue;
            put(tx, key, rows.get(i), part, ++parts);
            part.clear();
        }
        tx.createUpdate("DELETE FROM drift_rows WHERE model = :model AND version = :version AND window_start = :start")
                .bind("model", key.model())
                .bind("version", key.version())
                .bind("start", key.windowStart())
                .execute();
        return rows.size();
    }

    private void put(Handle tx, DriftKey key, Old about, List<DriftRow> rows, int part) {
        DriftPut put = new DriftPut(
                about.run(),
                about.granularity(),
                Optional.empty(),
                Optional.of(part),
                Optional.of(Integer.MAX_VALUE), // nothing was sent to this table before
                List.copyOf(rows));
        Replacement.run(tx, key, put, clock.millis());
    }

    private static boolean sameRequest(Old left, Old right) {
        return left.run().equals(right.run()) && left.granularity().equals(right.granularity());
    }

    private static List<Old> rows(Handle tx, DriftKey key) {
        return tx.createQuery(
                        """
                        SELECT run_uuid, granularity, row_json FROM drift_rows
                        WHERE model = :model AND version = :version AND window_start = :start
                        ORDER BY granularity, run_uuid, slice_key, slice_value, drift_type, column_name""")
                .bind("model", key.model())
                .bind("version", key.version())
                .bind("start", key.windowStart())
                .map((row, context) -> new Old(
                        row.getString("run_uuid"),
                        row.getString("granularity"),
                        StrictJson.value(StrictJson.tree(row.getString("row_json")), DriftRow.class)))
                .list();
    }
}
