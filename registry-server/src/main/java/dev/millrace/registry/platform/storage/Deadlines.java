package dev.millrace.registry.platform.storage;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Stops what takes too long, and what nobody waits for any more, so that no request holds a connection, and no write the
 * queue behind it, for as long as it likes. One thread looks at all that runs. Thread-safe.
 */
final class Deadlines implements AutoCloseable {
    /** The longest that a request's reading or one write may take. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    private static final long LOOK_MILLIS = 200;
    /** Before this nobody is asked whether the client is still there. */
    private static final Duration LONG = Duration.ofSeconds(1);

    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final Duration longest;
    private final Thread thread;

    Deadlines(Duration longest) {
        this.longest = longest;
        this.thread = new Thread(this::loop, "millrace-deadlines");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /**
     * Runs work on a connection, until its deadline.
     *
     * @param gone whether nobody waits for the result any more
     * @param spoiled takes a connection that should not be used again
     * @throws MillraceException USAGE when it took too long; TEMPORARY when nobody waited
     */
    <T> T within(Connection connection, BooleanSupplier gone, Consumer<Connection> spoiled, Supplier<T> work) {
        Running one = new Running(connection, gone);
        running.add(one);
        try {
            return work.get();
        } catch (RuntimeException failed) {
            if (one.stopped == null) throw failed;
            throw one.stopped.refusal(longest, failed);
        } finally {
            running.remove(one);
            if (one.end()) spoiled.accept(connection);
        }
    }

    private void loop() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(LOOK_MILLIS);
                long now = System.nanoTime();
                for (Running one : running) look(one, now);
            } catch (InterruptedException closed) {
                return;
            } catch (RuntimeException unexpected) {
                LOG.error("a deadline could not be looked at", unexpected);
            }
        }
    }

    private void look(Running one, long now) {
        long taken = now - one.begun;
        if (taken > longest.toNanos()) one.stop(Reason.LATE);
        else if (taken > LONG.toNanos() && one.gone.getAsBoolean()) one.stop(Reason.ABANDONED);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private enum Reason {
        LATE,
        ABANDONED;

        MillraceException refusal(Duration longest, RuntimeException cause) {
            if (this == ABANDONED) {
                return new MillraceException(ErrorKind.TEMPORARY, "The client has gone away.", cause);
            }
            return new MillraceException(
                    ErrorKind.USAGE,
                    "This took longer than " + longest.toSeconds()
                            + " s and was stopped; nothing was changed. Ask for less at once: a narrower filter, fewer"
                            + " experiments, a smaller page.",
                    cause);
        }
    }

    /** Work on a connection. */
    private static final class Running {
        private final Connection connection;
        private final BooleanSupplier gone;
        private final long begun = System.nanoTime();
        private volatile Reason stopped;
        private boolean ended;

        Running(Connection connection, BooleanSupplier gone) {
            this.connection = connection;
            this.gone = gone;
        }

        /** Each look again, until it has ended: between two statements there is nothing to stop. */
        synchronized void stop(Reason reason) {
            if (ended) return;
            stopped = reason;
            try {
                if (connection.isWrapperFor(SQLiteConnection.class)) {
                    connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
                } else {
                    connection.unwrap(PGConnection.class).cancelQuery();
                }
            } catch (SQLException failed) {
                LOG.warn("a statement could not be stopped: {}", failed.getMessage());
            }
        }

        /** @return whether it was stopped: on PostgreSQL the word may still be on its way */
        synchronized boolean end() {
            ended = true;
            return stopped != null;
        }
    }
}
