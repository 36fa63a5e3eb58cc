package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.search.Attribute;
import dev.millrace.registry.platform.search.Entity;
import dev.millrace.registry.platform.search.KeyedValues;
import dev.millrace.registry.platform.search.OrderPart;
import dev.millrace.registry.platform.search.Rows;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchSchema;
import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.platform.storage.TagTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** SQL of model versions. */
final class ModelVersionRepository {
    static final TagTable TAGS = new TagTable("model_version_tags");
    static final SearchSchema SCHEMA = schema();
    private static final String COLUMNS = "v.id, v.model_id, m.name, v.version, v.stage, v.description, v.source,"
            + " v.storage_location, v.run_uuid, v.run_link, v.created_at, v.updated_at";
    private static final String FROM = "model_versions v JOIN registered_models m ON m.id = v.model_id";

    private final RegisteredModelRepository models = new RegisteredModelRepository();

    private static SearchSchema schema() {
        return new SearchSchema(
                Map.of(
                        "name", Attribute.name("m.name"),
                        "run_id", Attribute.name("v.run_uuid"),
                        "source_path", Attribute.name("v.source"),
                        "version_number", Attribute.number("v.version")),
                Map.of(),
                Map.of(Entity.TAG, KeyedValues.texts(TAGS.table(), "v.id")),
                Map.of(
                        "name", "m.name",
                        "version_number", "v.version",
                        "creation_timestamp", "v.created_at",
                        "last_updated_timestamp", "v.updated_at"),
                List.of(
                        new OrderPart("v.updated_at", true),
                        new OrderPart("m.name", false),
                        new OrderPart("v.version", true)),
                List.of(new OrderPart("m.name", false), new OrderPart("v.version", true)),
                List.of("mlflow.prompt.is_prompt"),
                "attribute");
    }

    /** A version, the small ids it has, and where its files are; tags and aliases are not read yet. */
    record Stored(long id, long modelId, String location, ModelVersion version) {
        int number() {
            return Integer.parseInt(version.version());
        }
    }

    /** What a new version is made of. */
    record Fresh(
            String description, String source, String location, String runId, String runLink, String loggedModel) {}

    /** @return its number: one more than any before, deleted ones counted */
    int insert(Handle tx, long modelId, Fresh fresh, long now) {
        int number = tx.createQuery("SELECT COALESCE(MAX(version), 0) + 1 FROM model_versions WHERE model_id = :model")
                .bind("model", modelId)
                .mapTo(Integer.class)
                .one();
        tx.createUpdate(
                        """
                        INSERT INTO model_versions (model_id, version, deleted, stage, description, user_id, source,
                          storage_location, run_uuid, run_link, logged_model, created_at, updated_at)
                        VALUES (:model, :version, 0, 'None', :description, '', :source, :location, :run, :link,
                          :logged, :now, :now)""")
                .bind("model", modelId)
                .bind("version", number)
                .bind("description", fresh.description())
                .bind("source", fresh.source())
                .bind("location", fresh.location())
                .bind("run", fresh.runId())
                .bind("link", fresh.runLink())
                .bind("logged", fresh.loggedModel())
                .bind("now", now)
                .execute();
        return number;
    }

    void setDescription(Handle tx, long id, String description, long now) {
        tx.createUpdate("UPDATE model_versions SET description = :description, updated_at = :now WHERE id = :id")
                .bind("description", description)
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    void setStage(Handle tx, long id, Stage stage, long now) {
        tx.createUpdate("UPDATE model_versions SET stage = :stage, updated_at = :now WHERE id = :id")
                .bind("stage", stage.word())
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    /** Moves all others out of a stage. */
    void archiveOthers(Handle tx, Stored kept, Stage stage, long now) {
        tx.createUpdate(
                        """
                        UPDATE model_versions SET stage = 'Archived', updated_at = :now
                        WHERE model_id = :model AND stage = :stage AND id <> :id AND deleted = 0""")
                .bind("now", now)
                .bind("model", kept.modelId())
                .bind("stage", stage.word())
                .bind("id", kept.id())
                .execute();
    }

    /** Empties the row and keeps its number. */
    void delete(Handle tx, Stored version, long now) {
        TAGS.deleteAll(tx, version.id());
        models.deleteAliasesOf(tx, version.modelId(), version.number());
        tx.createUpdate(
                        """
                        UPDATE model_versions SET deleted = 1, stage = 'None', description = '', source = '',
                          storage_location = '', run_uuid = '', run_link = '', logged_model = '', updated_at = :now
                        WHERE id = :id""")
                .bind("now", now)
                .bind("id", version.id())
                .execute();
    }

    /** Removes every version of a model, numbers included. */
    void deleteAll(Handle tx, long modelId) {
        tx.createUpdate(
                        """
                        DELETE FROM model_version_tags
                        WHERE owner_id IN (SELECT id FROM model_versions WHERE model_id = :model)""")
                .bind("model", modelId)
                .execute();
        tx.createUpdate("DELETE FROM model_versions WHERE model_id = :model")
                .bind("model", modelId)
                .execute();
    }

    Optional<Stored> find(Handle tx, long modelId, int number) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM " + FROM
                        + " WHERE v.model_id = :model AND v.version = :version AND v.deleted = 0")
                .bind("model", modelId)
                .bind("version", number)
                .map(ModelVersionRepository::stored)
                .findOne();
    }

    /** The highest version of each stage, of each of the models. */
    List<Stored> latest(Handle tx, List<Long> modelIds) {
        List<Stored> found = new ArrayList<>();
        for (List<Long> chunk : TagTable.chunks(modelIds)) {
            found.addAll(tx.createQuery(
                            "SELECT " + COLUMNS + " FROM " + FROM
                                    + """
                             WHERE v.model_id IN (<models>) AND v.deleted = 0 AND v.version =
                              (SELECT MAX(w.version) FROM model_versions w
                               WHERE w.model_id = v.model_id AND w.stage = v.stage AND w.deleted = 0)
                            ORDER BY v.model_id, v.version""")
                    .bindList("models", chunk)
                    .map(ModelVersionRepository::stored)
                    .list());
        }
        return found;
    }

    Rows<Stored> search(Handle tx, Search search) {
        return search.rows(tx, COLUMNS, FROM, "v.deleted = :not", Map.of("not", 0), ModelVersionRepository::stored);
    }

    /** Adds tags and aliases. */
    List<ModelVersion> whole(Handle tx, List<Stored> versions) {
        Map<Long, List<Tag>> tags =
                TAGS.of(tx, versions.stream().map(Stored::id).toList());
        Map<Long, List<RegisteredModel.Alias>> aliases = models.aliases(
                tx, versions.stream().map(Stored::modelId).distinct().toList());
        return versions.stream()
                .map(stored -> whole(
                        stored.version(),
                        tags.getOrDefault(stored.id(), List.of()),
                        aliases.getOrDefault(stored.modelId(), List.of())))
                .toList();
    }

    private static ModelVersion whole(ModelVersion bare, List<Tag> tags, List<RegisteredModel.Alias> ofModel) {
        return new ModelVersion(
                bare.name(),
                bare.version(),
                bare.creationTimestamp(),
                bare.lastUpdatedTimestamp(),
                bare.currentStage(),
                bare.description(),
                bare.source(),
                bare.runId(),
                bare.status(),
                tags,
                bare.runLink(),
                ofModel.stream()
                        .filter(alias -> alias.version().equals(bare.version()))
                        .map(RegisteredModel.Alias::alias)
                        .toList());
    }

    private static Stored stored(ResultSet row, StatementContext context) throws SQLException {
        return new Stored(
                row.getLong("id"),
                row.getLong("model_id"),
                row.getString("storage_location"),
                new ModelVersion(
                        row.getString("name"),
                        String.valueOf(row.getInt("version")),
                        row.getLong("created_at"),
                        row.getLong("updated_at"),
                        row.getString("stage"),
                        row.getString("description"),
                        row.getString("source"),
                        row.getString("run_uuid"),
                        "READY",
                        List.of(),
                        row.getString("run_link"),
                        List.of()));
    }
}
