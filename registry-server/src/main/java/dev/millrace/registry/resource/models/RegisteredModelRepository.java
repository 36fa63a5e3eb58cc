package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.search.Attribute;
import dev.millrace.registry.platform.search.Entity;
import dev.millrace.registry.platform.search.KeyedValues;
import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.Rows;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchSchema;
import dev.millrace.registry.platform.storage.TagTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** SQL of registered models and their aliases. */
final class RegisteredModelRepository {
    static final TagTable TAGS = new TagTable("registered_model_tags");
    static final SearchSchema SCHEMA = new SearchSchema(
            Map.of("name", Attribute.name("m.name")),
            Map.of(),
            Map.of(Entity.TAG, KeyedValues.texts(TAGS.table(), "m.id")),
            Map.of(
                    "name", "m.name",
                    "timestamp", "m.updated_at",
                    "last_updated_timestamp", "m.updated_at"),
            List.of(new OrderPart("m.name", false)),
            List.of(new OrderPart("m.name", false)),
            List.of("mlflow.prompt.is_prompt"),
            "order by");
    private static final String COLUMNS =
            "m.id, m.name, m.description, m.deployment_job_id, m.created_at, m.updated_at";

    /** A model and the small id its children refer to; without versions, tags and aliases. */
    record Stored(long id, String name, String description, String deploymentJobId, long createdAt, long updatedAt) {}

    long insert(Handle tx, String name, String description, String deploymentJobId, long now) {
        return tx.createUpdate(
                        """
                        INSERT INTO registered_models (name, description, deployment_job_id, created_at, updated_at)
                        VALUES (:name, :description, :job, :now, :now)""")
                .bind("name", name)
                .bind("description", description)
                .bind("job", deploymentJobId)
                .bind("now", now)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    void update(Handle tx, Stored model) {
        tx.createUpdate(
                        """
                        UPDATE registered_models SET name = :name, description = :description,
                          deployment_job_id = :job, updated_at = :now WHERE id = :id""")
                .bind("id", model.id())
                .bind("name", model.name())
                .bind("description", model.description())
                .bind("job", model.deploymentJobId())
                .bind("now", model.updatedAt())
                .execute();
    }

    void touch(Handle tx, long id, long now) {
        tx.createUpdate("UPDATE registered_models SET updated_at = :now WHERE id = :id")
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    /** With its tags and aliases; versions must be gone. */
    void delete(Handle tx, long id) {
        TAGS.deleteAll(tx, id);
        for (String sql : List.of(
                "DELETE FROM model_aliases WHERE model_id = :id", "DELETE FROM registered_models WHERE id = :id")) {
            tx.createUpdate(sql).bind("id", id).execute();
        }
    }

    Optional<Stored> find(Handle tx, String name) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM registered_models m WHERE m.name = :name")
                .bind("name", name)
                .map(RegisteredModelRepository::stored)
                .findOne();
    }

    Rows<Stored> search(Handle tx, Search search) {
        return search.rows(
                tx,
                COLUMNS,
                "registered_models m",
                "m.id >= :all",
                Map.of("all", 0),
                RegisteredModelRepository::stored);
    }

    void setAlias(Handle tx, long modelId, String alias, int version) {
        tx.createUpdate(
                        """
                        INSERT INTO model_aliases (model_id, alias, version) VALUES (:model, :alias, :version)
                        ON CONFLICT (model_id, alias) DO UPDATE SET version = excluded.version""")
                .bind("model", modelId)
                .bind("alias", alias)
                .bind("version", version)
                .execute();
    }

    void deleteAlias(Handle tx, long modelId, String alias) {
        tx.createUpdate("DELETE FROM model_aliases WHERE model_id = :model AND alias = :alias")
                .bind("model", modelId)
                .bind("alias", alias)
                .execute();
    }

    void deleteAliasesOf(Handle tx, long modelId, int version) {
        tx.createUpdate("DELETE FROM model_aliases WHERE model_id = :model AND version = :version")
                .bind("model", modelId)
                .bind("version", version)
                .execute();
    }

    Optional<Integer> versionOf(Handle tx, long modelId, String alias) {
        return tx.createQuery("SELECT version FROM model_aliases WHERE model_id = :model AND alias = :alias")
                .bind("model", modelId)
                .bind("alias", alias)
                .mapTo(Integer.class)
                .findOne();
    }

    /** Aliases by model, each model's by name. */
    Map<Long, List<RegisteredModel.Alias>> aliases(Handle tx, List<Long> models) {
        Map<Long, List<RegisteredModel.Alias>> found = new HashMap<>();
        for (List<Long> chunk : TagTable.chunks(models)) {
            tx.createQuery(
                            """
                            SELECT model_id, alias, version FROM model_aliases
                            WHERE model_id IN (<models>) ORDER BY model_id, alias""")
                    .bindList("models", chunk)
                    .map((row, context) -> {
                        found.computeIfAbsent(row.getLong("model_id"), model -> new ArrayList<>())
                                .add(new RegisteredModel.Alias(
                                        row.getString("alias"), String.valueOf(row.getInt("version"))));
                        return 1;
                    })
                    .list();
        }
        return found;
    }

    private static Stored stored(ResultSet row, StatementContext context) throws SQLException {
        return new Stored(
                row.getLong("id"),
                row.getString("name"),
                row.getString("description"),
                row.getString("deployment_job_id"),
                row.getLong("created_at"),
                row.getLong("updated_at"));
    }
}
