package dev.millrace.registry.security.access;

import dev.millrace.registry.platform.storage.Database;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When tokens were last used, written from a thread of its own: a request never waits for it, nor fails with it. A batch
 * that cannot be written is dropped; a token that is used on is noted again. Thread-safe.
 */
final class LastUses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LastUses.class);
    private static final long GATHER_MILLIS = 2_000;
    private static final int MOST = 10_000;

    private final Database database;
    private final AccessRepository repository;
    private final Map<Long, Long> waiting = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::loop, "millrace-token-uses");
    private volatile boolean closing;

    private LastUses(Database database, AccessRepository repository) {
        this.database = database;
        this.repository = repository;
    }

    static LastUses start(Database database, AccessRepository repository) {
        LastUses uses = new LastUses(database, repository);
        uses.thread.setDaemon(true);
        uses.thread.start();
        return uses;
    }

    /** @param at epoch milliseconds */
    void note(long token, long at) {
        if (waiting.size() < MOST) waiting.put(token, at);
    }

    private void loop() {
        while (!closing) {
            try {
                TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
            } catch (InterruptedException closed) {
                return; // close() writes the rest
            }
            flush();
        }
    }

    private synchronized void flush() {
        Map<Long, Long> batch = Map.copyOf(waiting);
        if (batch.isEmpty()) return;
        batch.forEach(waiting::remove);
        try {
            database.change(tx -> repository.touch(tx, batch));
        } catch (RuntimeException failed) {
            LOG.warn("the last use of {} tokens was not recorded: {}", batch.size(), failed.getMessage());
        }
    }

    /** Writes what waits. Before the database is closed. */
    @Override
    public void close() {
        closing = true;
        if (waiting.isEmpty()) thread.interrupt(); // one that writes is let finish
        flush();
    }
}
