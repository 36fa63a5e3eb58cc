package dev.millrace.registry.platform.storage;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * How connections to PostgreSQL are set up. The writer's one connection holds an advisory lock for as long as it lives:
 * a second server on the same database and schema gets no writer, and a server that lost its connection writes again only
 * once it holds the lock again. The lock belongs to a session, so a pooler in transaction mode must not stand between.
 */
final class PostgresPools {
    private static final int READERS = 6;
    private static final int LOOKERS = 2;
    private static final long PATIENCE_MILLIS = 10_000;
    /** At start: the session of a server that was just killed may still be ending. */
    private static final long START_MILLIS = 3_000;

    private static final long VALIDATION_MILLIS = 3_000;
    /** The letters Mill: other programs' advisory locks stay apart. */
    private static final int LOCK = 0x4d696c6c;

    /**
     * A 2xx means it is on disk, so asynchronous commit is not taken over from the server's settings. Keep-alives let
     * PostgreSQL notice within a minute that this machine is gone, and give the lock back.
     */
    private static final String BECOME_WRITER =
            """
            DO $$ BEGIN
              IF NOT pg_try_advisory_lock(%d, hashtext(current_schema())) THEN
                RAISE EXCEPTION 'another registry server holds this database' USING ERRCODE = '%s';
              END IF;
              IF current_setting('synchronous_commit') = 'off' THEN
                PERFORM set_config('synchronous_commit', 'on', false);
              END IF;
              PERFORM set_config('tcp_keepalives_idle', '30', false);
              PERFORM set_config('tcp_keepalives_interval', '10', false);
              PERFORM set_config('tcp_keepalives_count', '3', false);
            END $$"""
                    .formatted(LOCK, StorageErrors.LOCK_TAKEN);

    private PostgresPools() {}

    static HikariConfig writer(Place.Postgres place) {
        HikariConfig config = config(place, "writer");
        config.setMaximumPoolSize(1);
        config.setMaxLifetime(0);
        config.setIdleTimeout(0);
        config.setConnectionInitSql(BECOME_WRITER);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("socketTimeout", "90"); // a network that lets nothing through any more
        return config;
    }

    /** Read-only transactions on one snapshot each. */
    static HikariConfig readers(Place.Postgres place) {
        HikariConfig config = config(place, "readers");
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(1);
        config.setReadOnly(true);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.addDataSourceProperty("socketTimeout", "120");
        return config;
    }

    /** For few rows by their keys. */
    static HikariConfig lookers(Place.Postgres place) {
        HikariConfig config = readers(place);
        config.setPoolName("lookers");
        config.setMaximumPoolSize(LOOKERS);
        return config;
    }

    /** Whether nobody is the writer now. @throws SQLException when PostgreSQL does not answer */
    static boolean isFree(Place.Postgres place) throws SQLException {
        Properties settings = new Properties();
        config(place, "probe").getDataSourceProperties().forEach(settings::put);
        place.user().ifPresent(user -> settings.setProperty("user", user));
        place.password().ifPresent(password -> settings.setProperty("password", password));
        settings.setProperty("socketTimeout", "5");
        // The lock goes with the session, at the end of this block.
        try (Connection session = DriverManager.getConnection(place.url(), settings);
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_try_advisory_lock(" + LOCK + ", hashtext(current_schema()))")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static HikariConfig config(Place.Postgres place, String name) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(place.url());
        place.user().ifPresent(config::setUsername);
        place.password().ifPresent(config::setPassword);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setInitializationFailTimeout(START_MILLIS);
        config.setValidationTimeout(VALIDATION_MILLIS);
        config.addDataSourceProperty("ApplicationName", "millrace-registry");
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return config;
    }
}
