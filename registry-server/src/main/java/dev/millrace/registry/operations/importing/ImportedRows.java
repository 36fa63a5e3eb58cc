package dev.millrace.registry.operations.importing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes imported rows into our tables, by batches, within the transaction the connection is in. Gives runs, models and
 * datasets the small ids that their children refer to; sources name owners by MLflow's own ids. Owners are added before
 * what belongs to them.
 */
final class ImportedRows {
    private static final int BATCH = 5_000;
    /** Tables whose ids are given here; experiments bring theirs. */
    private static final List<String> COUNTED = List.of(
            "experiments", "runs", "datasets", "run_inputs", "logged_models", "registered_models", "model_versions");

    private final Connection connection;
    private final Map<String, PreparedStatement> batches = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> ids = new HashMap<>();
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private int waiting;

    ImportedRows(Connection connection) {
        this.connection = connection;
    }

    /**
     * Adds a row.
     *
     * @param table one of ours, followed by its columns: {@code run_tags (owner_id, key, value)}
     * @param values one for each column
     */
    void add(String table, Object... values) throws SQLException {
        PreparedStatement batch = batches.get(table);
        if (batch == null) {
            String marks = Arrays.stream(values).map(value -> "?").collect(Collectors.joining(", "));
            String once = table.startsWith("metrics") || table.startsWith("logged_model_metrics")
                    ? " ON CONFLICT DO NOTHING" // MLflow tells 0.0 from -0.0
                    : "";
            batch = connection.prepareStatement("INSERT INTO " + table + " VALUES (" + marks + ")" + once);
            batches.put(table, batch);
        }
        for (int i = 0; i < values.length; i++) batch.setObject(i + 1, values[i]);
        batch.addBatch();
        counts.merge(table.replaceFirst(" .*", ""), 1L, Long::sum);
        if (++waiting >= BATCH) flush();
    }

    /** A new id in {@code table} for what MLflow calls {@code name}. */
    long give(String table, String name) {
        Map<String, Long> known = ids.computeIfAbsent(table, none -> new HashMap<>());
        long id = known.size() + 1L;
        if (known.put(name, id) != null) throw new IllegalStateException("Twice in " + table + ": " + name);
        return id;
    }

    /** The id that was given; absent: null, and the row that asks has no owner. */
    Long idOf(String table, String name) {
        return ids.getOrDefault(table, Map.of()).get(name);
    }

    /** Sends what waits, owners first: tables stand in the order in which they were first used. */
    private void flush() throws SQLException {
        for (PreparedStatement batch : batches.values()) batch.executeBatch();
        waiting = 0;
    }

    /**
     * Sends the rest and fills what follows from it: the latest point of each metric, where the files of versions made from
     * runs are, and where ids go on.
     *
     * @return rows by table
     */
    Map<String, Long> finish(boolean postgres) throws SQLException {
        flush();
        for (PreparedStatement batch : batches.values()) batch.close();
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    """
                    INSERT INTO latest_metrics (run_id, key, step, ts, value, is_nan)
                    SELECT run_id, key, step, ts, value, is_nan FROM (
                      SELECT m.*, ROW_NUMBER() OVER (
                        PARTITION BY run_id, key ORDER BY step DESC, ts DESC, value DESC, is_nan DESC) AS place
                      FROM metrics m) ranked
                    WHERE place = 1""");
            statement.executeUpdate(
                    """
                    UPDATE model_versions SET storage_location = (
                      SELECT r.artifact_uri || substr(storage_location, 39) FROM runs r
                      WHERE r.run_uuid = substr(storage_location, 7, 32))
                    WHERE storage_location LIKE 'runs:/%'
                      AND EXISTS (SELECT 1 FROM runs r WHERE r.run_uuid = substr(storage_location, 7, 32))""");
            if (postgres) {
                for (String table : COUNTED) {
                    statement.execute("SELECT setval(pg_get_serial_sequence('" + table
                            + "', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM " + table + "), false)");
                }
            }
            statement.execute("ANALYZE");
        }
        return counts;
    }
}
