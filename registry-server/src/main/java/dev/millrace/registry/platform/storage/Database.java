package dev.millrace.registry.platform.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.millrace.registry.platform.error.MillraceException;
import java.time.Clock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The database of a server: many readers, one writer. Reads run in their own snapshot at once; writes queue for the one
 * writer, which commits them in groups ({@link WriteQueue}), and return when they are on disk. Thread-safe.
 */
public final class Database implements AutoCloseable {
    private final HikariDataSource readers;
    private final HikariDataSource writer;
    private final Jdbi reads;
    private final WriteQueue writes;
    private final String size;

    private Database(HikariDataSource readers, HikariDataSource writer, String size) {
        this.size = size;
        this.readers = readers;
        this.writer = writer;
        this.reads = jdbi(readers);
        this.writes = WriteQueue.start(jdbi(writer));
    }

    /**
     * Opens the database, which may be empty, and brings its tables up to date.
     *
     * @throws MillraceException CONFIG when another server writes there, a newer one made it, or PostgreSQL refuses the
     *     account; TEMPORARY when PostgreSQL does not answer; OUTPUT_UNWRITABLE
     */
    public static Database open(Place place, Clock clock) {
        try {
            if (place instanceof Place.SqliteFile lite) {
                SqlitePools.prepare(lite.file());
                return open(Dialect.SQLITE, SqlitePools.writer(lite.file()), SqlitePools.readers(lite.file()), clock);
            }
            if (place instanceof Place.Postgres postgres) {
                return open(Dialect.POSTGRESQL, PostgresPools.writer(postgres), PostgresPools.readers(postgres), clock);
            }
            throw new AssertionError(place);
        } catch (HikariPool.PoolInitializationException | JdbiException failed) {
            throw StorageErrors.atStart(failed, place);
        }
    }

    private static Database open(Dialect dialect, HikariConfig ofWriter, HikariConfig ofReaders, Clock clock) {
        HikariDataSource writer = new HikariDataSource(ofWriter);
        try {
            new Migrations(dialect, clock).run(jdbi(writer));
            return new Database(new HikariDataSource(ofReaders), writer, dialect.sizeQuery());
        } catch (RuntimeException failed) {
            writer.close();
            throw failed;
        }
    }

    private static Jdbi jdbi(HikariDataSource pool) {
        return Jdbi.create(pool).registerArgument(new Texts());
    }

    /**
     * Runs {@code work} on one consistent snapshot. It cannot write; when its connection turns out to be broken, it runs
     * once more on another.
     */
    public <T> T read(Work<T> work) {
        try {
            return reads.inTransaction(work::run);
        } catch (JdbiException failed) {
            if (!StorageErrors.isConnectionLost(failed)) throw StorageErrors.translated(failed);
        }
        try {
            return reads.inTransaction(work::run);
        } catch (JdbiException failedAgain) {
            throw StorageErrors.translated(failedAgain);
        }
    }

    /**
     * Runs {@code work} in the writer's transaction and returns when its commit is on disk. What it throws undoes only
     * this work.
     *
     * @throws MillraceException TEMPORARY when the queue stays full or PostgreSQL is away, OUTPUT_UNWRITABLE when the disk
     *     refuses
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

    /**
     * What the writer does.
     *
     * @param waiting writes in the queue now
     * @param pieces writes taken from it since the start
     * @param groups commits since the start
     */
    public record Load(long waiting, long pieces, long groups) {}

    /** Of this moment. */
    public Load load() {
        return writes.load();
    }

    /** Tables and indexes, without logs. */
    public long sizeBytes() {
        return this.<Long>read(tx -> tx.createQuery(size).mapTo(Long.class).one());
    }

    /** Finishes the queued writes, then closes every connection. */
    @Override
    public void close() {
        writes.close();
        readers.close();
        writer.close();
    }
}
