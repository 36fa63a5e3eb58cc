package dev.millrace.registry.platform.storage;

import com.zaxxer.hikari.HikariConfig;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How connections to a SQLite file are set up. */
final class SqlitePools {
    private static final int READERS = 6;
    private static final int LOOKERS = 2;

    private SqlitePools() {}

    /** Makes the file's folder. */
    static void prepare(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException denied) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "The folder of the database, `" + file.getParent() + "`, cannot be made: " + denied.getMessage()
                            + ". Choose another `--home`.",
                    denied);
        }
    }

    static HikariConfig writer(Path file) {
        HikariConfig config = config(file, "writer");
        config.setMaximumPoolSize(1);
        // FULL: the log is synced at each commit, so an acknowledged write survives a power cut. NORMAL does not sync.
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        return config;
    }

    static HikariConfig readers(Path file) {
        HikariConfig config = config(file, "readers");
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(1);
        config.setConnectionInitSql("PRAGMA query_only = ON");
        return config;
    }

    /** For few rows by their keys. */
    static HikariConfig lookers(Path file) {
        HikariConfig config = readers(file);
        config.setPoolName("lookers");
        config.setMaximumPoolSize(LOOKERS);
        config.addDataSourceProperty("cache_size", "-4096");
        return config;
    }

    private static HikariConfig config(Path file, String name) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl("jdbc:sqlite:" + file);
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("busy_timeout", "60000");
        config.addDataSourceProperty("foreign_keys", "true");
        config.addDataSourceProperty("case_sensitive_like", "true"); // as PostgreSQL, and as MLflow promises
        config.addDataSourceProperty("cache_size", "-32768");
        return config;
    }
}
