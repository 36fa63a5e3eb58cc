package dev.millrace.registry.operations;

import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.resource.artifacts.ArtifactStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Removes for good what was deleted long enough ago: runs, logged models, experiments, with their artifacts. Works beside
 * a running server, in short transactions: one looks again whether a piece is still deleted and marks it, so that nobody
 * sees or restores it any more; then its files go, outside of any transaction; then its rows. A removal that breaks off is
 * finished by the next one, which finds the mark.
 *
 * <p>What a model version still uses stays: a deleted run whose files a version points to is told, not removed.
 */
public final class Removal {
    private static final String SERVED = "mlflow-artifacts:/";

    private final Attachment database;
    private final ArtifactStore artifacts;
    private final Consumer<String> told;

    /** @param told gets a line for each thing removed or kept */
    public Removal(Attachment database, ArtifactStore artifacts, Consumer<String> told) {
        this.database = database;
        this.artifacts = artifacts;
        this.told = told;
    }

    /** How many were removed, or would be. */
    public record Report(int runs, int loggedModels, int experiments, int kept) {}

    /** Something that may be removed. */
    private record Piece(long id, String name, String artifactUri) {}

    /** Points of one metric at a time: all of a run's may be more than writers should wait for. */
    private static final String POINTS =
            """
            DELETE FROM metrics WHERE run_id = :id AND key = (SELECT MIN(m.key) FROM metrics m WHERE m.run_id = :id)""";

    /** How one kind of thing is found and removed. */
    private record Kind(
            String word,
            String candidates,
            String still,
            Optional<String> mark,
            Optional<String> many,
            List<String> children) {}

    private static final Kind RUN = new Kind(
            "run",
            """
            SELECT id, run_uuid AS name, artifact_uri FROM runs
            WHERE (lifecycle = 'deleted' AND deleted_at <= :until) OR lifecycle = 'removing' ORDER BY id""",
            """
            SELECT id FROM runs
            WHERE id = :id AND ((lifecycle = 'deleted' AND deleted_at <= :until) OR lifecycle = 'removing')""",
            Optional.of("UPDATE runs SET lifecycle = 'removing' WHERE id = :id"),
            Optional.of(POINTS),
            List.of(
                    "DELETE FROM run_input_tags WHERE owner_id IN (SELECT id FROM run_inputs WHERE run_id = :id)",
                    "DELETE FROM run_inputs WHERE run_id = :id",
                    "DELETE FROM run_models WHERE run_id = :id",
                    "DELETE FROM latest_metrics WHERE run_id = :id",
                    "DELETE FROM run_params WHERE owner_id = :id",
                    "DELETE FROM run_tags WHERE owner_id = :id",
                    "DELETE FROM comments WHERE target = 'run:' || (SELECT run_uuid FROM runs WHERE id = :id)",
                    "DELETE FROM runs WHERE id = :id"));

    private static final Kind LOGGED_MODEL = new Kind(
            "logged model",
            """
            SELECT l.id, l.model_id AS name, l.artifact_uri
            FROM logged_models l JOIN experiments e ON e.id = l.experiment_id
            WHERE (l.lifecycle = 'deleted' AND l.updated_at <= :until) OR l.lifecycle = 'removing'
              OR (e.lifecycle = 'deleted' AND e.updated_at <= :until AND e.id <> 0) ORDER BY l.id""",
            """
            SELECT l.id FROM logged_models l JOIN experiments e ON e.id = l.experiment_id
            WHERE l.id = :id AND ((l.lifecycle = 'deleted' AND l.updated_at <= :until) OR l.lifecycle = 'removing'
              OR (e.lifecycle = 'deleted' AND e.updated_at <= :until))""",
            Optional.of("UPDATE logged_models SET lifecycle = 'removing' WHERE id = :id"),
            Optional.empty(),
            List.of(
                    "DELETE FROM logged_model_metrics WHERE owner_id = :id",
                    "DELETE FROM logged_model_params WHERE owner_id = :id",
                    "DELETE FROM logged_model_tags WHERE owner_id = :id",
                    "DELETE FROM logged_models WHERE id = :id"));

    /** Experiment 0 is where runs go that name none. */
    private static final Kind EXPERIMENT = new Kind(
            "experiment",
            """
            SELECT id, CAST(id AS TEXT) AS name, artifact_location AS artifact_uri FROM experiments
            WHERE lifecycle = 'deleted' AND updated_at <= :until AND id <> 0 ORDER BY id""",
            "SELECT id FROM experiments WHERE id = :id AND lifecycle = 'deleted' AND updated_at <= :until",
            Optional.empty(),
            Optional.empty(),
            List.of(
                    "DELETE FROM datasets WHERE experiment_id = :id",
                    "DELETE FROM experiment_tags WHERE owner_id = :id",
                    "DELETE FROM comments WHERE target = 'experiment:' || CAST(:id AS TEXT)",
                    "DELETE FROM experiments WHERE id = :id"));

    /**
     * Removes.
     *
     * @param until epoch milliseconds; what was deleted later stays
     * @param dry tells only
     */
    public Report run(long until, boolean dry) {
        int[] kept = {0};
        int runs = all(RUN, until, dry, kept);
        int models = all(LOGGED_MODEL, until, dry, kept);
        int experiments = all(EXPERIMENT, until, dry, kept);
        return new Report(runs, models, experiments, kept[0]);
    }

    private int all(Kind kind, long until, boolean dry, int[] kept) {
        List<Piece> pieces = database.read(tx -> tx.createQuery(kind.candidates())
                .bind("until", until)
                .map((row, context) ->
                        new Piece(row.getLong("id"), row.getString("name"), row.getString("artifact_uri")))
                .list());
        int removed = 0;
        for (Piece piece : pieces) {
            Optional<String> reason = dry ? database.read(tx -> user(tx, kind, piece)) : remove(kind, piece, until);
            if (reason.isPresent()) {
                kept[0]++;
                told.accept("kept " + kind.word() + " " + piece.name() + ": " + reason.get());
            } else {
                removed++;
                told.accept((dry ? "would remove " : "removed ") + kind.word() + " " + piece.name() + left(piece));
            }
        }
        return removed;
    }

    private static String left(Piece piece) {
        if (piece.artifactUri().startsWith(SERVED)) return "";
        return "; its files stay at " + piece.artifactUri() + ", which this server does not write to";
    }

    /** @return why it was kept */
    private Optional<String> remove(Kind kind, Piece piece, long until) {
        if (kind.mark().isEmpty()) return claimed(kind, piece, until, tx -> removeRows(tx, kind, piece));
        Optional<String> kept =
                claimed(kind, piece, until, tx -> tx.createUpdate(kind.mark().get())
                        .bind("id", piece.id())
                        .execute());
        if (kept.isPresent()) return kept;
        removeFiles(piece.artifactUri());
        while (kind.many().isPresent() && removedMany(kind.many().get(), piece)) {
            // until nothing is left
        }
        database.write(tx -> {
            removeRows(tx, kind, piece);
            return piece;
        });
        return kept;
    }

    private boolean removedMany(String sql, Piece piece) {
        return database.write(tx -> tx.createUpdate(sql).bind("id", piece.id()).execute() > 0);
    }

    private static void removeRows(Handle tx, Kind kind, Piece piece) {
        for (String sql : kind.children())
            tx.createUpdate(sql).bind("id", piece.id()).execute();
    }

    /** In one transaction: looks whether the piece may still go, and if so, does it. @return why it may not */
    private Optional<String> claimed(Kind kind, Piece piece, long until, Consumer<Handle> then) {
        return database.write(tx -> {
            boolean still = tx.createQuery(kind.still() + (database.isPostgres() ? " FOR UPDATE" : ""))
                    .bind("id", piece.id())
                    .bind("until", until)
                    .mapTo(Long.class)
                    .findOne()
                    .isPresent();
            if (!still) return Optional.of("it was restored meanwhile");
            Optional<String> user = user(tx, kind, piece);
            if (user.isEmpty()) then.accept(tx);
            return user;
        });
    }

    /** What still needs it. */
    private static Optional<String> user(Handle tx, Kind kind, Piece piece) {
        if (kind.equals(EXPERIMENT)) return content(tx, piece);
        return tx.createQuery(
                        """
                        SELECT m.name, v.version FROM model_versions v JOIN registered_models m ON m.id = v.model_id
                        WHERE v.deleted = 0 AND substr(v.storage_location, 1, :length) = :uri
                        ORDER BY m.name, v.version LIMIT 1""")
                .bind("length", piece.artifactUri().length())
                .bind("uri", piece.artifactUri())
                .map((row, context) -> "version " + row.getInt("version") + " of model " + row.getString("name")
                        + " has its files there; delete that version first")
                .findOne();
    }

    private static Optional<String> content(Handle tx, Piece experiment) {
        List<String> holds = new ArrayList<>();
        for (String table : List.of("runs", "logged_models")) {
            long count = tx.createQuery("SELECT COUNT(*) FROM " + table + " WHERE experiment_id = :id")
                    .bind("id", experiment.id())
                    .mapTo(Long.class)
                    .one();
            if (count > 0) holds.add(count + " " + table.replace('_', ' '));
        }
        return holds.isEmpty() ? Optional.empty() : Optional.of("it holds " + String.join(" and ", holds));
    }

    /** With the folder above, which is the run's or model's own: files lie in its {@code artifacts}. */
    private void removeFiles(String uri) {
        if (!uri.startsWith(SERVED)) return;
        String path = uri.substring(SERVED.length()).replaceAll("^/+", "");
        artifacts.delete(path.endsWith("/artifacts") ? path.substring(0, path.length() - "/artifacts".length()) : path);
    }
}
