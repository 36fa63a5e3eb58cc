package dev.millrace.registry.lake.features;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** SQL of model versions: only reads. */
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
}
