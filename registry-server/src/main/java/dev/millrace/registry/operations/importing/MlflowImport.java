package dev.millrace.registry.operations.importing;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Place;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Brings an MLflow server's experiments, runs, metrics, params, tags, datasets, logged models, registered models, versions
 * and aliases into an empty registry, with their ids, all or nothing. Not brought: traces, webhooks, users, and what MLflow
 * keeps for its own pages. The caller holds the home's lock.
 */
public final class MlflowImport {
    private final Place place;
    private final Path folder;
    private final Clock clock;

    /** @param folder {@code HOME/registry} */
    public MlflowImport(Place place, Path folder, Clock clock) {
        this.place = place;
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * What was brought.
     *
     * @param rows by our table
     * @param notFound artifact locations whose files were not at hand; records keep pointing there
     */
    public record Report(Map<String, Long> rows, long files, List<String> notFound) {}

    /**
     * Imports.
     *
     * @param source a SQLite file, also as {@code sqlite:///path}; {@code postgresql://…}; or {@code http(s)://…}, a
     *     running server
     * @param artifacts the folder MLflow serves as {@code mlflow-artifacts:/}; absent: MLflow's usual one beside a
     *     SQLite file, if it is there
     * @throws MillraceException NOT_FOUND when there is no such file; USAGE when the registry is not empty or the source is
     *     none
     */
    public Report from(String source, Optional<Path> artifacts) {
        return source.matches("https?://.*")
                ? fromServer(URI.create(source))
                : fromDatabase(database(source), artifacts);
    }

    private Report fromServer(URI url) {
        try (Attachment target = emptyTarget()) {
            MlflowServer server = new MlflowServer(url, folder.resolve("artifacts"), clock.millis());
            Map<String, Long> rows = target.write(tx -> read(server, tx, target.isPostgres()));
            return new Report(rows, server.files(), server.notFound());
        }
    }

    private Report fromDatabase(Place source, Optional<Path> artifacts) {
        Path base = source instanceof Place.SqliteFile lite ? lite.file().getParent() : folder;
        Relocation places = new Relocation(artifacts.or(() -> beside(base)), base, clock.millis());
        try (Attachment mlflow = Attachment.readOnly(source)) {
            return mlflow.read(read -> {
                requireMlflow(read, source);
                MlflowDatabase tables = new MlflowDatabase(read.getConnection(), places);
                try (Attachment target = emptyTarget()) {
                    return target.write(tx -> {
                        Map<String, Long> rows = read(tables, tx, target.isPostgres());
                        return new Report(rows, places.copyTo(folder.resolve("artifacts")), places.notFound());
                    });
                }
            });
        }
    }

    private Attachment emptyTarget() {
        Database.open(place, clock).close(); // makes the tables, and sees that no server is there
        Attachment target = Attachment.open(place);
        requireEmpty(target);
        return target;
    }

    private static Place database(String source) {
        if (source.startsWith("postgres") || source.startsWith("jdbc:postgresql:")) return Place.postgres(source);
        Path file =
                Path.of(source.replaceFirst("^sqlite:///", "")).toAbsolutePath().normalize();
        if (Files.isRegularFile(file)) return new Place.SqliteFile(file);
        throw new MillraceException(
                ErrorKind.NOT_FOUND,
                "`" + source
                        + "` is no file. Name MLflow's SQLite file, its postgresql:// URL, or the http:// URL of its"
                        + " running server.");
    }

    /** Where `mlflow server` keeps what it serves unless told otherwise. */
    private static Optional<Path> beside(Path base) {
        return Optional.of(base.resolve("mlartifacts")).filter(Files::isDirectory);
    }

    private static void requireEmpty(Attachment target) {
        long used = target.read(tx -> tx.createQuery(
                        """
                        SELECT (SELECT COUNT(*) FROM experiments WHERE id <> 0) + (SELECT COUNT(*) FROM runs)
                          + (SELECT COUNT(*) FROM registered_models)""")
                .mapTo(Long.class)
                .one());
        if (used == 0) return;
        target.close();
        throw MillraceException.invalid("This registry holds " + used
                + " experiments, runs and models already. MLflow's keep their ids, so import into an empty home.");
    }

    private static void requireMlflow(Handle read, Place source) {
        try {
            read.createQuery("SELECT COUNT(*) FROM alembic_version")
                    .mapTo(Long.class)
                    .one();
        } catch (RuntimeException other) {
            throw new MillraceException(
                    ErrorKind.USAGE,
                    "`" + source.shown() + "` is no MLflow database: it has no table alembic_version.",
                    other);
        }
    }

    private static Map<String, Long> read(MlflowSource source, Handle tx, boolean postgres) {
        Connection connection = tx.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM experiments"); // the Default that an empty registry has
            ImportedRows rows = new ImportedRows(connection);
            source.readInto(rows);
            return rows.finish(postgres);
        } catch (SQLException failed) {
            throw new IllegalStateException("The import failed; nothing was kept", failed);
        }
    }
}
