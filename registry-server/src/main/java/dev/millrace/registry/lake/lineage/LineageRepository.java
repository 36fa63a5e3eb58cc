package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.platform.http.StrictJson;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** SQL of what the registry knows of runs and model versions: only reads. */
final class LineageRepository {
    private static final Pattern DIGEST = Pattern.compile(".*-v([0-9]{1,18})");

    /** For links. */
    Optional<KnownRun> run(Handle tx, String id) {
        return tx.createQuery(
                        "SELECT experiment_id, name, status FROM runs WHERE run_uuid = :id AND lifecycle = 'active'")
                .bind("id", id)
                .map((row, context) -> new KnownRun(
                        String.valueOf(row.getLong("experiment_id")), row.getString("name"), row.getString("status")))
                .findOne();
    }

    /** What a run said it read and wrote, for runs that left nothing in the lake. */
    Optional<RunFacts> facts(Handle tx, String id) {
        return tx.createQuery(
                        """
                        SELECT r.start_time, r.end_time, r.status, t.value AS job
                        FROM runs r LEFT JOIN run_tags t ON t.owner_id = r.id AND t.key = 'millrace.job'
                        WHERE r.run_uuid = :id AND r.lifecycle = 'active'""")
                .bind("id", id)
                .map((row, context) -> new RunFacts(
                        id,
                        Optional.ofNullable(row.getString("job")).orElse("run"),
                        row.getLong("end_time") > 0 ? row.getLong("end_time") : row.getLong("start_time"),
                        row.getString("status").equals("FINISHED"),
                        new LinkedHashSet<>(),
                        new LinkedHashSet<>()))
                .findOne()
                .map(run -> withDatasets(tx, run));
    }

    private static RunFacts withDatasets(Handle tx, RunFacts run) {
        tx.createQuery(
                        """
                        SELECT d.name, d.digest, d.source, c.value AS context
                        FROM runs r JOIN run_inputs i ON i.run_id = r.id JOIN datasets d ON d.id = i.dataset_id
                          LEFT JOIN run_input_tags c ON c.owner_id = i.id AND c.key = 'mlflow.data.context'
                        WHERE r.run_uuid = :id ORDER BY i.id LIMIT 1000""")
                .bind("id", run.id())
                .map((row, context) -> new String[] {
                    row.getString("name"), row.getString("digest"), row.getString("source"), row.getString("context")
                })
                .forEach(row -> version(row[1], row[2]).ifPresent(version -> {
                    Set<String> side = "output".equals(row[3]) ? run.outputs() : run.inputs();
                    side.add(row[0] + "@" + version);
                }));
        run.outputs().addAll(versionsFrom(tx, run.id()));
        return run;
    }

    /** From the source MLflow's Delta datasets have, or from a digest {@code <table id>-v<version>}. */
    private static Optional<Long> version(String digest, String source) {
        try {
            var version = StrictJson.tree(source).path("delta_table_version");
            if (version.isIntegralNumber()) return Optional.of(version.asLong());
        } catch (dev.millrace.registry.platform.error.MillraceException notJson) {
            // Other clients' sources may be any text; the digest may still tell.
        }
        Matcher matcher = DIGEST.matcher(digest);
        return matcher.matches() ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
    }

    private static List<String> versionsFrom(Handle tx, String run) {
        return tx.createQuery(
                        """
                        SELECT m.name, v.version FROM model_versions v JOIN registered_models m ON m.id = v.model_id
                        WHERE v.run_uuid = :run AND v.deleted = 0 ORDER BY v.id LIMIT 100""")
                .bind("run", run)
                .map((row, context) -> "model:" + row.getString("name") + "/" + row.getInt("version"))
                .list();
    }

    /** The run a version says it comes from. */
    Optional<String> runOfModel(Handle tx, String name, int version) {
        return tx.createQuery(
                        """
                        SELECT v.run_uuid FROM model_versions v JOIN registered_models m ON m.id = v.model_id
                        WHERE m.name = :name AND v.version = :version AND v.deleted = 0""")
                .bind("name", name)
                .bind("version", version)
                .mapTo(String.class)
                .findOne();
    }
}
