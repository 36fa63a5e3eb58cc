package dev.millrace.registry.platform.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.millrace.registry.platform.error.MillraceException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The database of a server: many readers, one writer. Reads run in their own snapshot at once; writes queue for the one
 * writer, which commits them in groups ({@link WriteQueue}), and return when they are on disk. Thread-safe.
 */
public final class Database implements AutoCloseable {
    private final Pool readers;
    private final Pool lookers;
    private final HikariDataSource writer;
    private final Deadlines deadlines;
    private final WriteQueue writes;
    private final String size;

    private Database(Dialect dialect, Configs configs, HikariDataSource writer, Duration longest) {
        this.size = dialect.sizeQuery();
        this.readers = Pool.of(configs.readers());
        this.lookers = Pool.of(configs.lookers());
        this.writer = writer;
        this.deadlines = new Deadlines(longest);
        this.writes = WriteQueue.start(jdbi(writer), deadlines, dialect.isRemote());
    }

    /** How the three kinds of connections are made. */
    private record Configs(HikariConfig writer, HikariConfig readers, HikariConfig lookers) {}

    private record Pool(HikariDataSource source, Jdbi jdbi) {
        static Pool of(HikariConfig config) {
            HikariDataSource source = new HikariDataSource(config);
            return new Pool(source, Database.jdbi(source));
        }
    }

    /**
     * Opens the database, which may be empty, and brings its tables up to date.
     *
     * @throws MillraceException CONFIG when another server writes there, a newer one made it, or PostgreSQL refuses the
     *     account; TEMPORARY when PostgreSQL does not answer; OUTPUT_UNWRITABLE
     */
    public static Database open(Place place, Clock clock) {
        return open(place, clock, Deadlines.LONGEST);
    }

    /** @param longest that one reading or writing may take */
    static Database open(Place place, Clock clock, Duration longest) {
        try {
            if (place instanceof Place.SqliteFile lite) {
                SqlitePools.prepare(lite.file());
                Configs configs = new Configs(
                        SqlitePools.writer(lite.file()),
                        SqlitePools.readers(lite.file()),
                        SqlitePools.lookers(lite.file()));
                return open(Dialect.SQLITE, configs, clock, longest);
            }
            if (place instanceof Place.Postgres postgres) {
                Configs configs = new Configs(
                        PostgresPools.writer(postgres),
                        PostgresPools.readers(postgres),
                        PostgresPools.lookers(postgres));
                return open(Dialect.POSTGRESQL, configs, clock, longest);
            }
            throw new AssertionError(place);
        } catch (HikariPool.PoolInitializationException | JdbiException failed) {
            throw StorageErrors.atStart(failed, place);
        }
    }

    /** Whether a failed {@link #open} found another server at work there. */
    public static boolean isTaken(MillraceException refusal) {
        return StorageErrors.isLockTaken(refusal);
    }

    /** Whether {@link #open} would find no other server at work; false while that cannot be known. */
    public static boolean isFree(Place.Postgres place) {
        try {
            return PostgresPools.isFree(place);
        } catch (SQLException away) {
            return false;
        }
    }

    private static Database open(Dialect dialect, Configs configs, Clock clock, Duration longest) {
        HikariDataSource writer = new HikariDataSource(configs.writer());
        try {
            new Migrations(dialect, clock).run(jdbi(writer));
            return new Database(dialect, configs, writer, longest);
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
     *
     * @throws MillraceException USAGE when it takes longer than {@link Deadlines#LONGEST}; TEMPORARY when the client of the
     *     request has gone ({@link Caller}), when every connection is taken, and when another server may be the writer
     */
    public <T> T read(Work<T> work) {
        return read(readers, work);
    }

    /**
     * {@link #read} of a few rows by their keys, on connections of its own: who may do what is known even while searches
     * take all the others.
     */
    public <T> T look(Work<T> work) {
        return read(lookers, work);
    }

    private <T> T read(Pool pool, Work<T> work) {
        writes.requireConfirmed();
        try {
            return readOnce(pool, work);
        } catch (JdbiException failed) {
            if (!StorageErrors.isConnectionLost(failed)) throw StorageErrors.translated(failed);
        }
        try {
            return readOnce(pool, work);
        } catch (JdbiException failedAgain) {
            throw StorageErrors.translated(failedAgain);
        }
    }

    private <T> T readOnce(Pool pool, Work<T> work) {
        return pool.jdbi()
                .inTransaction(tx -> deadlines.within(
                        tx.getConnection(), Caller.gone(), pool.source()::evictConnection, () -> work.run(tx)));
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

    /** Whether a write sent now would be on disk within {@code patience}; why not, if not. */
    public Optional<String> whyUnwritable(Duration patience) {
        return writes.whyUnwritable(patience);
    }

    /** What to do when another server has become the writer of this database: this one can do nothing any more. */
    public void whenFenced(Runnable action) {
        writes.whenFenced(action);
    }

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
        readers.source().close();
        lookers.source().close();
        writer.close();
        deadlines.close();
    }
}
