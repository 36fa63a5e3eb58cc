package dev.millrace.registry.platform.storage;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * One thread that writes, with group commit: it takes what is waiting, runs each piece of work within its own
 * savepoint, commits once, and only then tells the callers. One sync to disk serves a whole group, and a piece that
 * fails is undone alone.
 */
final class WriteQueue implements AutoCloseable {
    private static final int CAPACITY = 1024;
    private static final int GROUP = 256;
    private static final long PATIENCE_SECONDS = 30;
    private static final String SAVEPOINT = "piece";

    private final BlockingQueue<Piece<?>> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Jdbi jdbi;
    private final Thread thread;
    private final LongAdder pieces = new LongAdder();
    private final LongAdder groups = new LongAdder();
    private volatile boolean closing;
    private volatile boolean ended;

    private WriteQueue(Jdbi jdbi) {
        this.jdbi = jdbi;
        this.thread = new Thread(this::loop, "millrace-writer");
        this.thread.setDaemon(true);
    }

    static WriteQueue start(Jdbi jdbi) {
        WriteQueue queue = new WriteQueue(jdbi);
        queue.thread.start();
        return queue;
    }

    <T> T submit(Work<T> work) {
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
                if (first == null) continue;
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
                for (Piece<?> piece : group) piece.run(handle, group.size() > 1);
                handle.commit();
            } catch (RuntimeException | Error failed) {
                undo(failed, handle::rollback);
                throw failed;
            }
        } catch (RuntimeException | Error failed) { // the one writer outlives what its callers do to it
            group.forEach(piece -> piece.result.completeExceptionally(failed));
            return;
        }
        group.forEach(Piece::acknowledge);
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
        void run(Handle handle, boolean shared) {
            if (!shared) {
                value = work.run(handle);
                return;
            }
            handle.savepoint(SAVEPOINT);
            try {
                value = work.run(handle);
                handle.releaseSavepoint(SAVEPOINT);
            } catch (RuntimeException | Error failed) {
                if (!undo(failed, () -> handle.rollbackToSavepoint(SAVEPOINT))) throw failed;
                failure = failed;
            }
        }

        void acknowledge() {
            if (failure == null) result.complete(value);
            else result.completeExceptionally(failure);
        }
    }
}
