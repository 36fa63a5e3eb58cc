package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.storage.Tag;
import dev.millrace.registry.platform.storage.TagTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** SQL of datasets and of what runs read and made. */
final class InputRepository {
    private static final TagTable INPUT_TAGS = new TagTable("run_input_tags");

    /** @return the dataset's id; a known one is kept as it is */
    long dataset(Handle tx, long experimentId, Dataset dataset) {
        tx.createUpdate(
                        """
                        INSERT INTO datasets (experiment_id, name, digest, source_type, source, schema_json, profile)
                        VALUES (:experiment, :name, :digest, :type, :source, :schema, :profile)
                        ON CONFLICT (experiment_id, name, digest) DO NOTHING""")
                .bind("experiment", experimentId)
                .bind("name", dataset.name())
                .bind("digest", dataset.digest())
                .bind("type", dataset.sourceType())
                .bind("source", dataset.source())
                .bind("schema", dataset.schema().orElse(null))
                .bind("profile", dataset.profile().orElse(null))
                .execute();
        return tx.createQuery(
                        """
                        SELECT id FROM datasets
                        WHERE experiment_id = :experiment AND name = :name AND digest = :digest""")
                .bind("experiment", experimentId)
                .bind("name", dataset.name())
                .bind("digest", dataset.digest())
                .mapTo(Long.class)
                .one();
    }

    /** Adds an input with its tags; one that is there is kept as it is. */
    void add(Handle tx, long runId, long datasetId, List<Tag> tags) {
        int added = tx.createUpdate(
                        """
                        INSERT INTO run_inputs (run_id, dataset_id) VALUES (:run, :dataset)
                        ON CONFLICT (run_id, dataset_id) DO NOTHING""")
                .bind("run", runId)
                .bind("dataset", datasetId)
                .execute();
        if (added == 0) return;
        long input = tx.createQuery("SELECT id FROM run_inputs WHERE run_id = :run AND dataset_id = :dataset")
                .bind("run", runId)
                .bind("dataset", datasetId)
                .mapTo(Long.class)
                .one();
        INPUT_TAGS.put(tx, input, tags);
    }

    /** @param direction {@code in} or {@code out} */
    void model(Handle tx, long runId, String direction, String modelId, long step) {
        tx.createUpdate(
                        """
                        INSERT INTO run_models (run_id, direction, model_id, step)
                        VALUES (:run, :direction, :model, :step)
                        ON CONFLICT (run_id, direction, model_id) DO UPDATE SET step = excluded.step""")
                .bind("run", runId)
                .bind("direction", direction)
                .bind("model", modelId)
                .bind("step", step)
                .execute();
    }

    Map<Long, List<DatasetInput>> datasetsOf(Handle tx, List<Long> runs) {
        Map<Long, List<DatasetInput>> found = new HashMap<>();
        for (List<Long> chunk : TagTable.chunks(runs)) {
            List<Row> rows = tx.createQuery(
                            """
                            SELECT i.id, i.run_id, d.name, d.digest, d.source_type, d.source, d.schema_json, d.profile
                            FROM run_inputs i JOIN datasets d ON d.id = i.dataset_id
                            WHERE i.run_id IN (<runs>) ORDER BY i.id""")
                    .bindList("runs", chunk)
                    .map((row, context) -> new Row(
                            row.getLong("id"),
                            row.getLong("run_id"),
                            new Dataset(
                                    row.getString("name"),
                                    row.getString("digest"),
                                    row.getString("source_type"),
                                    row.getString("source"),
                                    Optional.ofNullable(row.getString("schema_json")),
                                    Optional.ofNullable(row.getString("profile")))))
                    .list();
            Map<Long, List<Tag>> tags =
                    INPUT_TAGS.of(tx, rows.stream().map(Row::inputId).toList());
            for (Row row : rows) {
                found.computeIfAbsent(row.runId(), run -> new ArrayList<>())
                        .add(new DatasetInput(tags.getOrDefault(row.inputId(), List.of()), row.dataset()));
            }
        }
        return found;
    }

    private record Row(long inputId, long runId, Dataset dataset) {}

    /** Logged models by run and direction. */
    Map<Long, List<ModelOfRun>> modelsOf(Handle tx, List<Long> runs) {
        Map<Long, List<ModelOfRun>> found = new HashMap<>();
        for (List<Long> chunk : TagTable.chunks(runs)) {
            tx.createQuery(
                            """
                            SELECT run_id, direction, model_id, step FROM run_models
                            WHERE run_id IN (<runs>) ORDER BY run_id, step, model_id""")
                    .bindList("runs", chunk)
                    .map((row, context) -> {
                        found.computeIfAbsent(row.getLong("run_id"), run -> new ArrayList<>())
                                .add(new ModelOfRun(
                                        row.getString("direction").equals("in"),
                                        row.getString("model_id"),
                                        row.getLong("step")));
                        return 1;
                    })
                    .list();
        }
        return found;
    }

    /** @param read false: it was made */
    record ModelOfRun(boolean read, String modelId, long step) {}

    List<DatasetSummary> summaries(Handle tx, List<Long> experiments) {
        return tx.createQuery(
                        """
                        SELECT DISTINCT d.experiment_id, d.name, d.digest, t.value AS context
                        FROM datasets d JOIN run_inputs i ON i.dataset_id = d.id
                        LEFT JOIN run_input_tags t ON t.owner_id = i.id AND t.key = 'mlflow.data.context'
                        WHERE d.experiment_id IN (<experiments>)
                        ORDER BY d.experiment_id, d.name, d.digest, t.value LIMIT 1000""")
                .bindList("experiments", experiments)
                .map((row, context) -> new DatasetSummary(
                        String.valueOf(row.getLong("experiment_id")),
                        row.getString("name"),
                        row.getString("digest"),
                        Optional.ofNullable(row.getString("context"))))
                .list();
    }
}
