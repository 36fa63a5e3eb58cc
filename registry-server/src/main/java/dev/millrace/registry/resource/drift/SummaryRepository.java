package dev.millrace.registry.resource.drift;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** SQL of what is known of all blocks without reading them: models, series, columns. */
final class SummaryRepository {
    OptionalLong model(Handle tx, String name) {
        Optional<Long> id = tx.createQuery("SELECT id FROM drift_models WHERE name = :name")
                .bind("name", name)
                .mapTo(Long.class)
                .findOne();
        return id.isPresent() ? OptionalLong.of(id.get()) : OptionalLong.empty();
    }

    long insertModel(Handle tx, String name) {
        return tx.createUpdate(
                        """
                        INSERT INTO drift_models (name, windows, first_window, latest_window, latest_version, drifted)
                        VALUES (:name, 0, 0, 0, '', 0)""")
                .bind("name", name)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    /** Those that have windows, by name. */
    List<DriftModel> models(Handle tx) {
        return tx.createQuery("SELECT * FROM drift_models WHERE windows > 0 ORDER BY name")
                .map((row, context) -> new DriftModel(
                        row.getString("name"),
                        row.getString("latest_version"),
                        row.getLong("windows"),
                        row.getLong("first_window"),
                        row.getLong("latest_window"),
                        row.getLong("drifted")))
                .list();
    }

    /**
     * Brings the span of a model up to date.
     *
     * @param more windows that came, or went when negative
     * @return whether {@code changed} is, or was, its newest window
     */
    boolean updateSpan(Handle tx, long modelId, long changed, int more) {
        long before = latestWindow(tx, modelId);
        tx.createUpdate(
                        """
                        UPDATE drift_models SET windows = windows + :more,
                          first_window = COALESCE((SELECT MIN(window_start) FROM drift_blocks WHERE model_id = :id), 0),
                          latest_window = COALESCE((SELECT MAX(window_start) FROM drift_blocks WHERE model_id = :id), 0)
                        WHERE id = :id""")
                .bind("id", modelId)
                .bind("more", more)
                .execute();
        return changed == before || changed == latestWindow(tx, modelId);
    }

    long latestWindow(Handle tx, long modelId) {
        return tx.createQuery("SELECT latest_window FROM drift_models WHERE id = :id")
                .bind("id", modelId)
                .mapTo(Long.class)
                .one();
    }

    void updateLatest(Handle tx, long modelId, String version, long drifted) {
        tx.createUpdate("UPDATE drift_models SET latest_version = :version, drifted = :drifted WHERE id = :id")
                .bind("id", modelId)
                .bind("version", version)
                .bind("drifted", drifted)
                .execute();
    }

    /** Names with their ids, by name. */
    Map<String, Long> columns(Handle tx, long modelId) {
        Map<String, Long> columns = new LinkedHashMap<>();
        tx.createQuery("SELECT name, id FROM drift_columns WHERE model_id = :model ORDER BY name")
                .bind("model", modelId)
                .map((row, context) -> Map.entry(row.getString("name"), row.getLong("id")))
                .forEach(column -> columns.put(column.getKey(), column.getValue()));
        return columns;
    }

    long insertColumn(Handle tx, long modelId, String name) {
        return tx.createUpdate("INSERT INTO drift_columns (model_id, name, blocks) VALUES (:model, :name, 0)")
                .bind("model", modelId)
                .bind("name", name)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    /** @param more blocks by column's id; negative for those that went. Columns without blocks are forgotten. */
    void countBlocks(Handle tx, long modelId, Map<Long, Integer> more) {
        if (more.values().stream().allMatch(count -> count == 0)) return;
        PreparedBatch batch = tx.prepareBatch("UPDATE drift_columns SET blocks = blocks + :more WHERE id = :id");
        more.forEach((id, count) -> {
            if (count != 0) batch.bind("id", id).bind("more", count).add();
        });
        batch.execute();
        tx.createUpdate("DELETE FROM drift_columns WHERE model_id = :model AND blocks = 0")
                .bind("model", modelId)
                .execute();
    }

    List<DriftSeries> series(Handle tx, long modelId) {
        return tx.createQuery(
                        """
                        SELECT id, version, drift_type, slice_key, slice_value FROM drift_series
                        WHERE model_id = :model ORDER BY version, drift_type, slice_key, slice_value""")
                .bind("model", modelId)
                .map((row, context) -> new DriftSeries(
                        row.getLong("id"),
                        new DriftSeries.Name(
                                row.getString("version"),
                                row.getString("drift_type"),
                                row.getString("slice_key"),
                                row.getString("slice_value"))))
                .list();
    }

    /** A series of whole tables against training data, with its newest window. */
    record Newest(String model, long modelId, String version, long seriesId, long window) {}

    /** Of these models. */
    List<Newest> newest(Handle tx, Collection<String> models) {
        if (models.isEmpty()) return List.of();
        return tx.createQuery(
                        """
                        SELECT m.name, m.id AS model_id, s.version, s.id,
                          (SELECT MAX(b.window_start) FROM drift_blocks b WHERE b.series_id = s.id) AS newest
                        FROM drift_models m JOIN drift_series s ON s.model_id = m.id
                        WHERE m.name IN (<models>) AND s.drift_type = 'BASELINE' AND s.slice_key = ''
                        ORDER BY m.name""")
                .bindList("models", List.copyOf(models))
                .map((row, context) -> new Newest(
                        row.getString("name"),
                        row.getLong("model_id"),
                        row.getString("version"),
                        row.getLong("id"),
                        row.getLong("newest")))
                .list();
    }

    long insertSeries(Handle tx, long modelId, DriftSeries.Name name) {
        return tx.createUpdate(
                        """
                        INSERT INTO drift_series (model_id, version, drift_type, slice_key, slice_value)
                        VALUES (:model, :version, :type, :key, :value)""")
                .bind("model", modelId)
                .bind("version", name.version())
                .bind("type", name.driftType())
                .bind("key", name.sliceKey())
                .bind("value", name.sliceValue())
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    /** Forgets those of {@code ids} that have no block left. */
    void dropEmptySeries(Handle tx, Collection<Long> ids) {
        for (long id : ids) {
            tx.createUpdate(
                            """
                            DELETE FROM drift_series WHERE id = :id
                              AND NOT EXISTS (SELECT 1 FROM drift_blocks WHERE series_id = :id)""")
                    .bind("id", id)
                    .execute();
        }
    }
}
