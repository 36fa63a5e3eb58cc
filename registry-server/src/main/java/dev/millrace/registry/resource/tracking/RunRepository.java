package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.search.Attribute;
import dev.millrace.registry.platform.search.Entity;
import dev.millrace.registry.platform.search.Grouping;
import dev.millrace.registry.platform.search.KeyedValues;
import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.Rows;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchSchema;
import dev.millrace.registry.platform.storage.TagTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** SQL of the runs table, and what runs are searched by. */
final class RunRepository {
    static final TagTable PARAMS = new TagTable("run_params");
    static final TagTable TAGS = new TagTable("run_tags");
    static final SearchSchema SCHEMA = schema();
    private static final String COLUMNS = "r.id, r.run_uuid, r.experiment_id, r.name, r.user_id, r.status,"
            + " r.start_time, r.end_time, r.lifecycle, r.artifact_uri";

    private static SearchSchema schema() {
        Map<String, Attribute> attributes = new HashMap<>();
        attributes.put("run_id", Attribute.name("r.run_uuid"));
        for (String name : List.of("run_name", "run name", "Run name", "Run Name")) {
            attributes.put(name, Attribute.text("r.name"));
        }
        attributes.put("status", Attribute.text("r.status"));
        attributes.put("user_id", Attribute.text("r.user_id"));
        attributes.put("artifact_uri", Attribute.text("r.artifact_uri"));
        attributes.put("end_time", Attribute.number("r.end_time"));
        for (String name : List.of("start_time", "created", "Created")) {
            attributes.put(name, Attribute.number("r.start_time"));
        }
        Map<String, String> sortable = attributes.entrySet().stream()
                .filter(entry -> !entry.getKey().contains(" "))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().sql()));
        return new SearchSchema(
                attributes,
                datasets(),
                Map.of(
                        Entity.METRIC, KeyedValues.indexedMetrics("latest_metrics", "run_id", "r.id"),
                        Entity.PARAMETER, KeyedValues.indexedTexts(PARAMS.table(), "r.id"),
                        Entity.TAG, KeyedValues.indexedTexts(TAGS.table(), "r.id")),
                sortable,
                List.of(new OrderPart("r.start_time", true), new OrderPart("r.run_uuid", false)),
                List.of());
    }

    private static Map<String, Attribute> datasets() {
        String ofDataset =
                "r.id IN (SELECT i.run_id FROM run_inputs i JOIN datasets d ON d.id = i.dataset_id WHERE %s)";
        String ofContext = "r.id IN (SELECT i.run_id FROM run_inputs i JOIN run_input_tags t ON t.owner_id = i.id"
                + " WHERE t.key = 'mlflow.data.context' AND %s)";
        return Map.of(
                "name", Attribute.name("d.name").within(ofDataset),
                "digest", Attribute.name("d.digest").within(ofDataset),
                "context", Attribute.name("t.value").within(ofContext));
    }

    long insert(Handle tx, RunInfo run) {
        return tx.createUpdate(
                        """
                        INSERT INTO runs
                          (run_uuid, experiment_id, name, user_id, status, start_time, lifecycle, artifact_uri)
                        VALUES (:uuid, :experiment, :name, :user, :status, :start, :lifecycle, :uri)""")
                .bind("uuid", run.runId())
                .bind("experiment", Long.parseLong(run.experimentId()))
                .bind("name", run.runName())
                .bind("user", run.userId())
                .bind("status", run.status())
                .bind("start", run.startTime())
                .bind("lifecycle", run.lifecycleStage())
                .bind("uri", run.artifactUri())
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    void update(Handle tx, StoredRun run) {
        tx.createUpdate(
                        """
                        UPDATE runs SET name = :name, status = :status, end_time = :end WHERE id = :id""")
                .bind("id", run.id())
                .bind("name", run.info().runName())
                .bind("status", run.info().status())
                .bind("end", run.info().endTime().orElse(null))
                .execute();
    }

    /** Deleting a deleted run leaves the time it was deleted at. */
    void setLifecycle(Handle tx, long id, String lifecycle, long now) {
        boolean deleted = lifecycle.equals(Lifecycle.DELETED);
        tx.createUpdate(
                        """
                        UPDATE runs SET lifecycle = :lifecycle, deleted_at = :deleted
                        WHERE id = :id AND lifecycle NOT IN (:lifecycle, 'removing')""")
                .bind("id", id)
                .bind("lifecycle", lifecycle)
                .bind("deleted", deleted ? Long.valueOf(now) : null)
                .execute();
    }

    Optional<StoredRun> find(Handle tx, String runId) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM runs r WHERE r.run_uuid = :id AND r.lifecycle <> 'removing'")
                .bind("id", runId)
                .map(RunRepository::run)
                .findOne();
    }

    /** @param experiments at least one */
    Rows<StoredRun> search(Handle tx, Search search, List<Long> experiments, ViewType view) {
        Grouping.Over over = over(experiments, view);
        return search.rows(tx, COLUMNS, over.from(), over.where(), over.bound(), RunRepository::run);
    }

    /** @param experiments at least one */
    static Grouping.Over over(List<Long> experiments, ViewType view) {
        Map<String, Object> bound = new HashMap<>();
        bound.put("one_stage", view.stages().get(0));
        bound.put("other_stage", view.stages().get(view.stages().size() - 1));
        IntStream.range(0, experiments.size()).forEach(i -> bound.put("e" + i, experiments.get(i)));
        String ids =
                IntStream.range(0, experiments.size()).mapToObj(i -> ":e" + i).collect(Collectors.joining(", "));
        return new Grouping.Over(
                "runs r", "r.experiment_id IN (" + ids + ") AND r.lifecycle IN (:one_stage, :other_stage)", bound);
    }

    private static StoredRun run(ResultSet row, StatementContext context) throws SQLException {
        String uuid = row.getString("run_uuid");
        long end = row.getLong("end_time");
        Optional<Long> endTime = row.wasNull() ? Optional.empty() : Optional.of(end);
        return new StoredRun(
                row.getLong("id"),
                new RunInfo(
                        uuid,
                        String.valueOf(row.getLong("experiment_id")),
                        row.getString("name"),
                        row.getString("user_id"),
                        row.getString("status"),
                        row.getLong("start_time"),
                        endTime,
                        row.getString("artifact_uri"),
                        row.getString("lifecycle"),
                        uuid));
    }
}
