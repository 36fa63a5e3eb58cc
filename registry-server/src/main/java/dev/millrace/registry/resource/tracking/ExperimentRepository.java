package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.search.Attribute;
import dev.millrace.registry.platform.search.Entity;
import dev.millrace.registry.platform.search.KeyedValues;
import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Rows;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchSchema;
import dev.millrace.registry.platform.storage.TagTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** SQL of experiments. */
final class ExperimentRepository {
    static final TagTable TAGS = new TagTable("experiment_tags");
    static final SearchSchema SCHEMA = new SearchSchema(
            Map.of(
                    "name", Attribute.text("e.name"),
                    "experiment_id", Attribute.name("CAST(e.id AS TEXT)"),
                    "creation_time", Attribute.number("e.created_at"),
                    "last_update_time", Attribute.number("e.updated_at")),
            Map.of(),
            Map.of(Entity.TAG, KeyedValues.texts(TAGS.table(), "e.id")),
            Map.of(
                    "name", "e.name",
                    "experiment_id", "e.id",
                    "creation_time", "e.created_at",
                    "last_update_time", "e.updated_at"),
            List.of(new OrderPart("e.created_at", true), new OrderPart("e.id", true)),
            List.of());
    private static final String COLUMNS = "e.id, e.name, e.artifact_location, e.lifecycle, e.created_at, e.updated_at";

    long insert(Handle tx, String name, String location, long now) {
        return tx.createUpdate(
                        """
                        INSERT INTO experiments (name, artifact_location, lifecycle, created_at, updated_at)
                        VALUES (:name, :location, 'active', :now, :now)""")
                .bind("name", name)
                .bind("location", location)
                .bind("now", now)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    void setLocation(Handle tx, long id, String location) {
        tx.createUpdate("UPDATE experiments SET artifact_location = :location WHERE id = :id")
                .bind("location", location)
                .bind("id", id)
                .execute();
    }

    void rename(Handle tx, long id, String name, long now) {
        tx.createUpdate("UPDATE experiments SET name = :name, updated_at = :now WHERE id = :id")
                .bind("name", name)
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    void setLifecycle(Handle tx, long id, String lifecycle, long now) {
        tx.createUpdate("UPDATE experiments SET lifecycle = :lifecycle, updated_at = :now WHERE id = :id")
                .bind("lifecycle", lifecycle)
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    /** Where a run stands in the order of its experiment's runs. */
    record RunKey(long startTime, String uuid) {}

    /**
     * Brings some of an experiment's runs to its own state, deleted when it was.
     *
     * @param after the last run of the part before; absent: from the first
     * @return the last run of this part; absent when there are no more
     */
    Optional<RunKey> moveRuns(Handle tx, long id, Optional<RunKey> after, int most) {
        List<RunKey> part = tx.createQuery(
                        """
                        SELECT start_time, run_uuid FROM runs
                        WHERE experiment_id = :id AND (start_time < :start OR (start_time = :start AND run_uuid > :uuid))
                        ORDER BY start_time DESC, run_uuid LIMIT :most""")
                .bind("id", id)
                .bind("start", after.map(RunKey::startTime).orElse(Long.MAX_VALUE))
                .bind("uuid", after.map(RunKey::uuid).orElse(""))
                .bind("most", most)
                .map((row, context) -> new RunKey(row.getLong("start_time"), row.getString("run_uuid")))
                .list();
        if (part.isEmpty()) return Optional.empty();
        tx.createUpdate(
                        """
                        UPDATE runs SET lifecycle = (SELECT e.lifecycle FROM experiments e WHERE e.id = :id),
                          deleted_at = (SELECT CASE e.lifecycle WHEN 'deleted' THEN e.updated_at END
                            FROM experiments e WHERE e.id = :id)
                        WHERE run_uuid IN (<runs>) AND lifecycle <> 'removing'
                          AND lifecycle <> (SELECT e.lifecycle FROM experiments e WHERE e.id = :id)""")
                .bind("id", id)
                .bindList("runs", part.stream().map(RunKey::uuid).toList())
                .execute();
        return Optional.of(part.get(part.size() - 1));
    }

    void touch(Handle tx, long id, long now) {
        tx.createUpdate("UPDATE experiments SET updated_at = :now WHERE id = :id")
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    Optional<Experiment> find(Handle tx, long id) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM experiments e WHERE e.id = :id")
                .bind("id", id)
                .map(ExperimentRepository::experiment)
                .findOne()
                .map(found -> found.withTags(TAGS.of(tx, found.id())));
    }

    Optional<Experiment> findByName(Handle tx, String name) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM experiments e WHERE e.name = :name")
                .bind("name", name)
                .map(ExperimentRepository::experiment)
                .findOne()
                .map(found -> found.withTags(TAGS.of(tx, found.id())));
    }

    Page<Experiment> search(Handle tx, Search search, ViewType view) {
        Rows<Experiment> found = search.rows(
                tx,
                COLUMNS,
                "experiments e",
                "e.lifecycle IN (:active, :deleted)",
                Map.of(
                        "active", view.stages().get(0),
                        "deleted", view.stages().get(view.stages().size() - 1)),
                ExperimentRepository::experiment);
        return found.page(experiments -> withTags(tx, experiments));
    }

    private static List<Experiment> withTags(Handle tx, List<Experiment> found) {
        var tags = TAGS.of(tx, found.stream().map(Experiment::id).toList());
        return found.stream()
                .map(experiment -> experiment.withTags(tags.getOrDefault(experiment.id(), List.of())))
                .toList();
    }

    private static Experiment experiment(ResultSet row, StatementContext context) throws SQLException {
        return new Experiment(
                String.valueOf(row.getLong("id")),
                row.getString("name"),
                row.getString("artifact_location"),
                row.getString("lifecycle"),
                row.getLong("updated_at"),
                row.getLong("created_at"),
                List.of());
    }
}
