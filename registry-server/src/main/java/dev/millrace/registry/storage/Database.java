package dev.millrace.registry.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.millrace.registry.error.ErrorKind;
import dev.millrace.registry.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The database of a server: many readers, one writer. Reads run in their own snapshot at once; writes queue for the one
 * writer, which commits them in groups ({@link WriteQueue}), and return when they are on disk. Thread-safe.
 */
public final class Database implements AutoCloseable {
    private static final int READERS = 6;

    private final HikariDataSource readers;
    private final HikariDataSource writer;
    private final Jdbi reads;
    private final WriteQueue writes;

    private Database(HikariDataSource readers, HikariDataSource writer) {
        this.readers = readers;
        this.writer = writer;
        this.reads = Jdbi.create(readers);
        this.writes = WriteQueue.start(Jdbi.create(writer));
    }

    /** Opens or makes the SQLite file and brings its tables up to date. */
    public static Database sqlite(Path file, Clock clock) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException denied) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "The folder of the database, `" + file.getParent() + "`, cannot be made: " + denied.getMessage()
                            + ". Choose another `--home`.",
                    denied);
        }
        HikariDataSource writer = new HikariDataSource(sqliteWriter(file));
        try {
            new Migrations(Dialect.SQLITE, clock).run(Jdbi.create(writer));
            return new Database(new HikariDataSource(sqliteReaders(file)), writer);
        } catch (RuntimeException failed) {
            writer.close();
            throw failed;
        }
    }

    private static HikariConfig sqliteWriter(Path file) {
        HikariConfig config = sqliteConfig(file, "writer");
        config.setMaximumPoolSize(1);
        // FULL: the log is synced at each commit, so an acknowledged write survives a power cut. NORMAL does not sync.
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        return config;
    }

    private static HikariConfig sqliteReaders(Path file) {
        HikariConfig config = sqliteConfig(file, "readers");
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(1);
        config.setConnectionInitSql("PRAGMA query_only = ON");
        return config;
    }

    private static HikariConfig sqliteConfig(Path file, String name) {
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

    /** Runs {@code work} on one consistent snapshot. It cannot write. */
    public <T> T read(Work<T> work) {
        try {
            return reads.inTransaction(work::run);
        } catch (org.jdbi.v3.core.JdbiException failed) {
            throw StorageErrors.translated(failed);
        }
    }

    /**
     * Runs {@code work} in the writer's transaction and returns when its commit is on disk. What it throws undoes only
     * this work.
     *
     * @throws MillraceException TEMPORARY when the queue stays full, OUTPUT_UNWRITABLE when the disk refuses
     */
    public <T> T write(Work<T> work) {
        return writes.submit(work);
    }

    /** {@link #write(Work)} for work without a result. */
    public void change(java.util.function.Consumer<Handle> work) {
        writes.submit(tx -> {
            work.accept(tx);
            return null;
        });
    }

    /** Finishes the queued writes, then closes every connection. */
    @Override
    public void close() {
        writes.close();
        readers.close();
        writer.close();
    }
}
