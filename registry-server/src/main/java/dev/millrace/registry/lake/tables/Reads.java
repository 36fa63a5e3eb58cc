package dev.millrace.registry.lake.tables;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads tables two at a time, since each may hold a Parquet row group in memory, and none for longer than its limit. */
final class Reads implements AutoCloseable {
    private static final int AT_ONCE = 2;
    private static final int WAITING = 64;

    private final ThreadPoolExecutor threads;

    Reads() {
        threads = new ThreadPoolExecutor(
                AT_ONCE, AT_ONCE, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), Reads::thread);
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "millrace-lake");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Waits for its turn and the result.
     *
     * @param what for the message, as in "`raw.x` at version 3"
     * @throws MillraceException TEMPORARY after {@code limit}; LIMIT when too many wait; what {@code read} throws
     */
    <T> T within(Duration limit, String what, Callable<T> read) {
        Future<T> reading;
        try {
            reading = threads.submit(read);
        } catch (RejectedExecutionException full) {
            throw new MillraceException(
                    ErrorKind.LIMIT, "Too many tables are being read for others. Try again in a moment.", full);
        }
        try {
            return reading.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            reading.cancel(true);
            throw new MillraceException(
                    ErrorKind.TEMPORARY,
                    "Reading " + what + " took longer than " + limit.toSeconds()
                            + " s and was stopped. Try again later, or ask for fewer rows and columns.",
                    slow);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof MillraceException refused) throw refused;
            throw new IllegalStateException("Reading " + what + " failed", failed.getCause());
        } catch (InterruptedException stopped) {
            reading.cancel(true);
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorKind.TEMPORARY, "The server is stopping.", stopped);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
