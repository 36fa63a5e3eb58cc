package dev.millrace.registry.platform.storage;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the writer's session, which is the lock of the one writer (decision 0206): when it was last seen to
 * hold. Written by the writer's thread, read by all.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Longer than one write may take and its network may be silent. */
    private static final long DOUBTFUL_NANOS = TimeUnit.SECONDS.toNanos(45);

    private final boolean remote;
    private volatile long assuredAt = System.nanoTime();
    private volatile boolean lost;
    private volatile boolean fenced;
    private volatile Runnable action = () -> {};

    /** @param remote whether it can be taken away at all */
    Session(boolean remote) {
        this.remote = remote;
    }

    /** A commit went through. */
    void assured() {
        assuredAt = System.nanoTime();
        lost = false;
    }

    /** Makes sure, at most once a second: a lost session is opened again, if no other server has taken the lock. */
    void assure(Jdbi jdbi) {
        if (!remote || fenced || (!lost && System.nanoTime() - assuredAt < EVERY_NANOS)) return;
        try (Handle handle = jdbi.open()) {
            handle.execute("SELECT 1");
            assured();
        } catch (RuntimeException failed) {
            doubt(failed);
        }
    }

    /** Something of the session failed; whether it was lost is for {@link #assure} to find out. */
    void doubt(Throwable failed) {
        if (!remote || fenced) return;
        if (StorageErrors.isLockTaken(failed)) {
            fenced = true;
            LOG.error("another server has become the writer of this database");
            action.run();
        } else if (StorageErrors.isConnectionLost(failed)) {
            if (!lost) LOG.warn("the writer's session is lost: {}", failed.getMessage());
            lost = true;
        }
    }

    void whenFenced(Runnable next) {
        action = next;
    }

    /** @throws MillraceException TEMPORARY when another server may be the writer */
    void requireConfirmed() {
        requireUnfenced();
        if (!remote || (!lost && System.nanoTime() - assuredAt < DOUBTFUL_NANOS)) return;
        throw new MillraceException(
                ErrorKind.TEMPORARY, "This server is not sure to be the one that writes to its database. Try again.");
    }

    /**
     * For ever: what this server has in memory may be old, even when the lock is free again.
     *
     * @throws MillraceException TEMPORARY when another server has been the writer since
     */
    void requireUnfenced() {
        if (!fenced) return;
        throw new MillraceException(ErrorKind.TEMPORARY, "Another server has taken over this database. Ask that one.");
    }
}
