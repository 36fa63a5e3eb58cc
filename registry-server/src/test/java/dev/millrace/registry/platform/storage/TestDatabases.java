package dev.millrace.registry.platform.storage;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The database under test: {@code -Dtest.database=sqlite} (the default) or {@code postgresql}. The same tests run on both
 * (registry-server/pom.xml has two executions). PostgreSQL is one server per JVM, with a database per home.
 */
public final class TestDatabases {
    private static final Set<String> MADE = ConcurrentHashMap.newKeySet();

    private TestDatabases() {}

    public static boolean isPostgres() {
        return "postgresql".equals(System.getProperty("test.database"));
    }

    /** Where the tables of a home are; the same home, the same tables. */
    public static Place of(Path home) {
        if (!isPostgres()) return new Place.SqliteFile(home.resolve("registry/registry.db"));
        return Place.postgres(postgresUrl(home));
    }

    /** Of a PostgreSQL database that belongs to a home; made when it is first asked for. */
    public static String postgresUrl(Path home) {
        String name = "home_" + Integer.toHexString(home.toString().hashCode());
        if (MADE.add(name)) execute("CREATE DATABASE " + name);
        return "postgresql://postgres:postgres@127.0.0.1:" + Server.POSTGRES.getPort() + "/" + name;
    }

    /** As the superuser, in no home's database. */
    public static void execute(String sql) {
        try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** Started when the first test asks for it; ends with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60));
                // Tests kill the registry, never PostgreSQL, so nothing needs to reach the disk.
                Map.of("fsync", "off", "max_connections", "60", "shared_buffers", "64MB")
                        .forEach(builder::setServerConfig);
                return builder.start();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
