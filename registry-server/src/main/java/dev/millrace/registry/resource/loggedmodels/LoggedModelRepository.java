package dev.millrace.registry.resource.loggedmodels;

import dev.millrace.registry.platform.search.Rows;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.platform.storage.TagTable;
import dev.millrace.registry.resource.tracking.LoggedMetric;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;

/** SQL of logged models. */
final class LoggedModelRepository {
    static final TagTable PARAMS = new TagTable("logged_model_params");
    static final TagTable TAGS = new TagTable("logged_model_tags");
    private static final String COLUMNS = "l.id, l.model_id, l.experiment_id, l.name, l.model_type, l.source_run,"
            + " l.status, l.status_message, l.artifact_uri, l.created_at, l.updated_at";

    /** A model and the small id its children refer to. */
    record Stored(long id, LoggedModel.Info info) {}

    Stored insert(Handle tx, LoggedModel.Info info) {
        long id = tx.createUpdate(
                        """
                        INSERT INTO logged_models (model_id, experiment_id, name, model_type, source_run, status,
                          status_message, artifact_uri, lifecycle, created_at, updated_at)
                        VALUES (:model, :experiment, :name, :type, :run, :status, '', :uri, 'active', :now, :now)""")
                .bind("model", info.modelId())
                .bind("experiment", Long.parseLong(info.experimentId()))
                .bind("name", info.name())
                .bind("type", info.modelType())
                .bind("run", info.sourceRunId())
                .bind("status", info.status())
                .bind("uri", info.artifactUri())
                .bind("now", info.creationTimestampMs())
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
        return new Stored(id, info);
    }

    void setStatus(Handle tx, long id, String status, long now) {
        tx.createUpdate("UPDATE logged_models SET status = :status, updated_at = :now WHERE id = :id")
                .bind("status", status)
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    /** @return whether there is such a model, deleted or not */
    boolean delete(Handle tx, String modelId, long now) {
        return tx.createUpdate(
                                "UPDATE logged_models SET lifecycle = 'deleted', updated_at = :now WHERE model_id = :model")
                        .bind("now", now)
                        .bind("model", modelId)
                        .execute()
                > 0;
    }

    Optional<Stored> find(Handle tx, String modelId) {
        return tx.createQuery("SELECT " + COLUMNS
                        + " FROM logged_models l WHERE l.model_id = :model AND l.lifecycle = 'active'")
                .bind("model", modelId)
                .map(LoggedModelRepository::stored)
                .findOne();
    }

    Rows<Stored> search(Handle tx, Search search, LoggedModelSchema schema) {
        String where = schema.where();
        return search.rows(tx, COLUMNS, "logged_models l", where, schema.bound(), LoggedModelRepository::stored);
    }

    void addMetrics(Handle tx, long owner, String runId, List<LoggedMetric> metrics) {
        PreparedBatch batch = tx.prepareBatch(
                """
                INSERT INTO logged_model_metrics
                  (owner_id, key, ts, step, value, is_nan, dataset_name, dataset_digest, run_uuid)
                VALUES (:owner, :key, :ts, :step, :value, :nan, :dataset, :digest, :run) ON CONFLICT DO NOTHING""");
        for (LoggedMetric metric : metrics) {
            boolean nan = Double.isNaN(metric.point().value());
            batch.bind("owner", owner)
                    .bind("key", metric.point().key())
                    .bind("ts", metric.point().timestamp())
                    .bind("step", metric.point().step())
                    .bind("value", nan ? 0.0 : metric.point().value())
                    .bind("nan", nan ? 1 : 0)
                    .bind("dataset", metric.datasetName().orElse(""))
                    .bind("digest", metric.datasetDigest().orElse(""))
                    .bind("run", runId)
                    .add();
        }
        batch.execute();
    }

    List<LoggedModel> whole(Handle tx, List<Stored> models) {
        List<Long> ids = models.stream().map(Stored::id).toList();
        Map<Long, List<Tag>> params = PARAMS.of(tx, ids);
        Map<Long, List<Tag>> tags = TAGS.of(tx, ids);
        Map<Long, List<LoggedModel.Metric>> metrics = metrics(tx, models);
        return models.stream()
                .map(model -> new LoggedModel(
                        withTags(model.info(), tags.getOrDefault(model.id(), List.of())),
                        new LoggedModel.Data(
                                params.getOrDefault(model.id(), List.of()),
                                metrics.getOrDefault(model.id(), List.of()))))
                .toList();
    }

    private static Map<Long, List<LoggedModel.Metric>> metrics(Handle tx, List<Stored> models) {
        Map<Long, String> names = models.stream()
                .collect(Collectors.toMap(Stored::id, model -> model.info().modelId()));
        Map<Long, List<LoggedModel.Metric>> found = new HashMap<>();
        for (List<Long> chunk : TagTable.chunks(List.copyOf(names.keySet()))) {
            tx.createQuery(
                            """
                            SELECT owner_id, key, ts, step, value, is_nan, dataset_name, dataset_digest, run_uuid
                            FROM logged_model_metrics WHERE owner_id IN (<owners>) ORDER BY owner_id, key, ts, step""")
                    .bindList("owners", chunk)
                    .map((row, context) -> {
                        long owner = row.getLong("owner_id");
                        found.computeIfAbsent(owner, id -> new ArrayList<>()).add(metric(row, names.get(owner)));
                        return 1;
                    })
                    .list();
        }
        return found;
    }

    private static LoggedModel.Metric metric(ResultSet row, String modelId) throws SQLException {
        return new LoggedModel.Metric(
                row.getString("key"),
                row.getInt("is_nan") == 1 ? Double.NaN : row.getDouble("value"),
                row.getLong("ts"),
                row.getLong("step"),
                Optional.of(row.getString("dataset_name")).filter(name -> !name.isEmpty()),
                Optional.of(row.getString("dataset_digest")).filter(digest -> !digest.isEmpty()),
                modelId,
                row.getString("run_uuid"));
    }

    private static LoggedModel.Info withTags(LoggedModel.Info info, List<Tag> tags) {
        return new LoggedModel.Info(
                info.modelId(),
                info.experimentId(),
                info.name(),
                info.creationTimestampMs(),
                info.lastUpdatedTimestampMs(),
                info.artifactUri(),
                info.status(),
                info.modelType(),
                info.sourceRunId(),
                info.statusMessage(),
                tags);
    }

    private static Stored stored(ResultSet row, StatementContext context) throws SQLException {
        return new Stored(
                row.getLong("id"),
                new LoggedModel.Info(
                        row.getString("model_id"),
                        String.valueOf(row.getLong("experiment_id")),
                        row.getString("name"),
                        row.getLong("created_at"),
                        row.getLong("updated_at"),
                        row.getString("artifact_uri"),
                        row.getString("status"),
                        row.getString("model_type"),
                        row.getString("source_run"),
                        Optional.of(row.getString("status_message")).filter(text -> !text.isEmpty()),
                        List.of()));
    }
}
