package dev.millrace.registry.platform.storage;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * One thread that writes, with group commit: it takes what is waiting, runs each piece of work within its own
 * savepoint, commits once, and only then tells the callers. One sync to disk serves a whole group, and a piece that
 * fails is undone alone.
 *
 * <p>Where the database is another process, the thread also makes sure each second that its session, and with it the
 * lock of the one writer, is still there. Without such an assurance nothing is answered: another server may be at work.
 */
final class WriteQueue implements AutoCloseable {
    private static final int CAPACITY = 1024;
    private static final int GROUP = 256;
    private static final long PATIENCE_SECONDS = 30;
    private static final String SAVEPOINT = "piece";

    private final BlockingQueue<Piece<?>> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Jdbi jdbi;
    private final Deadlines deadlines;
    private final Session session;
    private final Thread thread;
    private final LongAdder pieces = new LongAdder();
    private final LongAdder groups = new LongAdder();
    private volatile boolean closing;
    private volatile boolean ended;

    private WriteQueue(Jdbi jdbi, Deadlines deadlines, boolean remote) {
        this.jdbi = jdbi;
        this.deadlines = deadlines;
        this.session = new Session(remote);
        this.thread = new Thread(this::loop, "millrace-writer");
        this.thread.setDaemon(true);
    }

    /** @param remote whether the database is another process */
    static WriteQueue start(Jdbi jdbi, Deadlines deadlines, boolean remote) {
        WriteQueue queue = new WriteQueue(jdbi, deadlines, remote);
        queue.thread.start();
        return queue;
    }

    <T> T submit(Work<T> work) {
        session.requireUnfenced();
        Piece<T> piece = new Piece<>(work);
        try {
            if (closing || !queue.offer(piece, PATIENCE_SECONDS, TimeUnit.SECONDS)) throw refused();
            if (ended) refuseWaiting(); // it came after the last group
            return piece.result.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw refused();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) throw StorageErrors.translated(cause);
            throw failed;
        }
    }

    private MillraceException refused() {
        return new MillraceException(
                ErrorKind.TEMPORARY,
                closing
                        ? "The registry is shutting down. Try again when it is back."
                        : "The registry has more writes waiting than it can take (" + CAPACITY + "). Try again.");
    }

    private void loop() {
        List<Piece<?>> group = new ArrayList<>(GROUP);
        while (!closing || !queue.isEmpty()) {
            try {
                Piece<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    session.assure(jdbi);
                    continue;
                }
                group.add(first);
                queue.drainTo(group, GROUP - 1);
                commit(group);
            } catch (InterruptedException interrupted) {
                closing = true; // nobody but close() interrupts; what is queued is still written
            } finally {
                group.clear();
            }
        }
        ended = true;
        refuseWaiting();
    }

    private void refuseWaiting() {
        for (Piece<?> late = queue.poll(); late != null; late = queue.poll()) {
            late.result.completeExceptionally(refused());
        }
    }

    Database.Load load() {
        return new Database.Load(queue.size(), pieces.sum(), groups.sum());
    }

    private void commit(List<Piece<?>> group) {
        pieces.add(group.size());
        groups.increment();
        try (Handle handle = jdbi.open()) {
            handle.begin();
            try {
                for (Piece<?> piece : group) run(piece, handle, group.size() > 1);
                handle.commit();
                session.assured();
            } catch (RuntimeException | Error failed) {
                undo(failed, handle::rollback);
                throw failed;
            }
        } catch (RuntimeException | Error failed) { // the one writer outlives what its callers do to it
            session.doubt(failed);
            for (Piece<?> piece : group)
                piece.result.completeExceptionally(piece.failure == null ? failed : piece.failure);
            return;
        }
        group.forEach(Piece::acknowledge);
    }

    /** A piece that is stopped may take the transaction with it: then the others of its group are to be sent again. */
    private void run(Piece<?> piece, Handle handle, boolean shared) {
        try {
            piece.run(handle, shared, deadlines);
        } catch (RuntimeException failed) {
            if (!shared) throw failed;
            piece.failure = failed;
            throw new MillraceException(
                    ErrorKind.TEMPORARY, "A write that was to be committed with this one failed. Try again.", failed);
        }
    }

    /** @throws MillraceException TEMPORARY while it is not sure that this server is the writer */
    void requireConfirmed() {
        session.requireConfirmed();
    }

    void whenFenced(Runnable action) {
        session.whenFenced(action);
    }

    /** Whether a write sent now would be on disk within {@code patience}; why not, if not. */
    Optional<String> whyUnwritable(Duration patience) {
        Piece<Boolean> probe = new Piece<>(tx -> true);
        if (closing) return Optional.of("the server is shutting down");
        if (!queue.offer(probe)) return Optional.of(CAPACITY + " writes wait");
        try {
            probe.result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (TimeoutException slow) {
            return Optional.of("a write takes longer than " + patience.toMillis() + " ms");
        } catch (ExecutionException failed) {
            return Optional.of(String.valueOf(failed.getCause().getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /**
     * Undoes what failed. When that fails, too, the connection is gone and with it the transaction: what failed first says
     * why.
     */
    private static boolean undo(Throwable failed, Runnable undoing) {
        try {
            undoing.run();
            return true;
        } catch (RuntimeException gone) {
            failed.addSuppressed(gone);
            return false;
        }
    }

    /** Refuses new work, finishes what waits. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One caller's work and its answer. Filled by the writer thread; read by the caller after {@code result} is done. */
    private static final class Piece<T> {
        private final Work<T> work;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private T value;
        private Throwable failure;

        Piece(Work<T> work) {
            this.work = work;
        }

        /** Alone in its group, a failing piece rolls back the whole transaction, which is itself. */
        void run(Handle handle, boolean shared, Deadlines deadlines) {
            if (!shared) {
                value = timed(handle, deadlines);
                return;
            }
            handle.savepoint(SAVEPOINT);
            try {
                value = timed(handle, deadlines);
                handle.releaseSavepoint(SAVEPOINT);
            } catch (RuntimeException | Error failed) {
                if (!undo(failed, () -> handle.rollbackToSavepoint(SAVEPOINT))) throw failed;
                failure = failed;
            }
        }

        /** Whoever has gone may have been told of the change by then, so only the deadline ends it. */
        private T timed(Handle handle, Deadlines deadlines) {
            return deadlines.within(handle.getConnection(), () -> false, connection -> {}, () -> work.run(handle));
        }

        void acknowledge() {
            if (failure == null) result.complete(value);
            else result.completeExceptionally(failure);
        }
    }
}
