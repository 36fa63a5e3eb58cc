package dev.millrace.registry.platform.storage;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * One connection to a server's database, beside the server, which may be running: for commands that look after the
 * tables. It takes no lock against other servers, so its writes must hold whatever the server does meanwhile. Not
 * thread-safe.
 */
public final class Attachment implements AutoCloseable {
    private final Connection connection;
    private final Handle handle;
    private final boolean postgres;

    private Attachment(Connection connection, boolean postgres) {
        this.connection = connection;
        this.handle = Jdbi.create(connection).registerArgument(new Texts()).open();
        this.postgres = postgres;
    }

    /**
     * Connects to a database that a server of this version has opened before.
     *
     * @throws MillraceException NOT_FOUND when there is none; CONFIG when its tables are of another version
     */
    public static Attachment open(Place place) {
        if (place instanceof Place.SqliteFile lite && !Files.exists(lite.file())) throw none(place);
        Attachment attachment = connect(place);
        try {
            attachment.requireOurSchema(place);
            return attachment;
        } catch (RuntimeException refused) {
            attachment.close();
            throw refused;
        }
    }

    /** Connects whatever is there, even nothing; a SQLite file that is missing is made. */
    public static Attachment connect(Place place) {
        try {
            if (place instanceof Place.SqliteFile lite) {
                Properties settings = new Properties();
                SqlitePools.writer(lite.file()).getDataSourceProperties().forEach(settings::put);
                return new Attachment(DriverManager.getConnection("jdbc:sqlite:" + lite.file(), settings), false);
            }
            if (place instanceof Place.Postgres server) {
                Properties settings = new Properties();
                PostgresPools.writer(server).getDataSourceProperties().forEach(settings::put);
                server.user().ifPresent(user -> settings.setProperty("user", user));
                server.password().ifPresent(password -> settings.setProperty("password", password));
                return new Attachment(DriverManager.getConnection(server.url(), settings), true);
            }
            throw new AssertionError(place);
        } catch (SQLException refused) {
            throw StorageErrors.atStart(new IllegalStateException(refused), place);
        }
    }

    /** Connects to another program's database, which is not changed in any way: read-only, journal mode included. */
    public static Attachment readOnly(Place place) {
        if (!(place instanceof Place.SqliteFile lite)) return connect(place);
        Properties settings = new Properties();
        settings.setProperty("open_mode", "1"); // SQLITE_OPEN_READONLY
        settings.setProperty("busy_timeout", "60000");
        try {
            return new Attachment(DriverManager.getConnection("jdbc:sqlite:" + lite.file(), settings), false);
        } catch (SQLException refused) {
            throw StorageErrors.atStart(new IllegalStateException(refused), place);
        }
    }

    private void requireOurSchema(Place place) {
        Optional<Integer> version = schemaVersion();
        if (version.isEmpty()) throw none(place);
        if (version.get() != Migrations.newest()) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "The database " + place.shown() + " has schema version " + version.get() + ", this program knows "
                            + Migrations.newest()
                            + ". Use the program whose server runs there, or start this one's server once.");
        }
    }

    private static MillraceException none(Place place) {
        return new MillraceException(
                ErrorKind.NOT_FOUND,
                "There is no registry in " + place.shown()
                        + ". Name its `--home`, and its `--database` if it has one.");
    }

    /** Of the newest migration that was applied; absent: the database holds no registry. */
    public Optional<Integer> schemaVersion() {
        return read(tx -> {
            boolean known = postgres
                    ? tx.createQuery("SELECT to_regclass('schema_version') IS NOT NULL")
                            .mapTo(Boolean.class)
                            .one()
                    : tx.createQuery("SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_version'")
                                    .mapTo(Integer.class)
                                    .one()
                            > 0;
            if (!known) return Optional.empty();
            return tx.createQuery("SELECT MAX(version) FROM schema_version")
                    .mapTo(Integer.class)
                    .findOne();
        });
    }

    public boolean isPostgres() {
        return postgres;
    }

    /** For what JDBI has no word for. In auto-commit mode between {@link #read} and {@link #write}. */
    public Connection connection() {
        return connection;
    }

    /** On one consistent snapshot. */
    public <T> T read(Work<T> work) {
        try {
            return postgres
                    ? handle.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, work::run)
                    : handle.inTransaction(work::run);
        } catch (JdbiException failed) {
            throw StorageErrors.translated(failed);
        }
    }

    /** In a transaction of its own: on disk, or undone. */
    public <T> T write(Work<T> work) {
        try {
            return handle.inTransaction(work::run);
        } catch (JdbiException failed) {
            throw StorageErrors.translated(failed);
        }
    }

    @Override
    public void close() {
        handle.close();
        try {
            connection.close();
        } catch (SQLException alreadyGone) {
            // Nothing is pending: each piece of work has committed or failed.
        }
    }
}
