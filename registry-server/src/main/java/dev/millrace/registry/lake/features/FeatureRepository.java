package dev.millrace.registry.lake.features;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.http.StrictJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** SQL of model versions and of the newest drift: only reads. */
final class FeatureRepository {
    /** A version and where its files are. */
    record Version(String model, int version, String location, List<String> aliases) {
        String ref() {
            return "model:" + model + "/" + version;
        }
    }

    /** The newest versions of all models. */
    List<Version> versions(Handle tx, int most) {
        Map<String, List<String>> aliases = new HashMap<>();
        tx.createQuery(
                        """
                        SELECT m.name, a.version, a.alias
                        FROM model_aliases a JOIN registered_models m ON m.id = a.model_id ORDER BY a.alias""")
                .map((row, context) ->
                        new String[] {row.getString("name") + "/" + row.getInt("version"), row.getString("alias")})
                .forEach(row -> aliases.computeIfAbsent(row[0], version -> new ArrayList<>())
                        .add(row[1]));
        return tx.createQuery(
                        """
                        SELECT m.name, v.version, v.storage_location
                        FROM model_versions v JOIN registered_models m ON m.id = v.model_id
                        WHERE v.deleted = 0 ORDER BY v.id DESC LIMIT :most""")
                .bind("most", most)
                .map((row, context) -> new Version(
                        row.getString("name"),
                        row.getInt("version"),
                        row.getString("storage_location"),
                        aliases.getOrDefault(row.getString("name") + "/" + row.getInt("version"), List.of())))
                .list();
    }

    /** By column: whole tables against the training data, in each model's newest window. */
    Map<String, List<Feature.Drift>> newestDrift(Handle tx) {
        Map<String, List<Feature.Drift>> found = new HashMap<>();
        tx.createQuery(
                        """
                        SELECT d.model, d.version, d.window_start, d.column_name, d.verdict, d.row_json
                        FROM drift_rows d
                        WHERE d.drift_type = 'BASELINE' AND d.slice_key = ''
                          AND d.window_start = (SELECT MAX(n.window_start) FROM drift_rows n
                            WHERE n.model = d.model AND n.drift_type = 'BASELINE' AND n.slice_key = '')
                        ORDER BY d.model, LENGTH(d.version) DESC, d.version DESC""")
                .map((row, context) -> Map.entry(
                        row.getString("column_name"),
                        new Feature.Drift(
                                row.getString("model"),
                                row.getString("version"),
                                row.getLong("window_start"),
                                row.getString("verdict"),
                                psi(row.getString("row_json")))))
                .forEach(entry -> found.computeIfAbsent(entry.getKey(), column -> new ArrayList<>())
                        .add(entry.getValue()));
        return found;
    }

    private static Optional<Double> psi(String json) {
        JsonNode value = StrictJson.tree(json).path("population_stability_index");
        return value.isNumber() ? Optional.of(value.asDouble()) : Optional.empty();
    }
}
