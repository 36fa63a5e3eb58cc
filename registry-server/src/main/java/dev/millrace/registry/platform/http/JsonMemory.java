package dev.millrace.registry.platform.http;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The heap that the JSON of all requests and answers together may take, so that no number of large ones ends the process.
 * What a request takes is estimated while it is read, what its answer takes from the number of items asked for; both are
 * given back when it is answered. Thread-safe.
 */
final class JsonMemory {
    /** What any request may take without asking: usual calls never wait behind large ones. */
    private static final int FREE = 512 << 10;

    private static final int UNIT = 1 << 10;
    private static final long WAIT_MILLIS = 5_000;

    private final Semaphore units;

    /** @param bytes of heap, for all requests */
    JsonMemory(long bytes) {
        this.units = new Semaphore((int) Math.min(bytes / UNIT, Integer.MAX_VALUE));
    }

    Share share() {
        return new Share();
    }

    /** One request's part; used by one thread at a time. */
    final class Share {
        private long needed = -FREE;
        private int taken;

        /**
         * Waits a moment for memory that others hold.
         *
         * @throws MillraceException TEMPORARY when they go on holding it
         */
        void take(long bytes) {
            needed += bytes;
            int more = (int) (needed / UNIT) - taken;
            if (more <= 0) return;
            try {
                if (!units.tryAcquire(more, WAIT_MILLIS, TimeUnit.MILLISECONDS)) throw full();
                taken += more;
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw full();
            }
        }

        void giveBack() {
            units.release(taken);
            taken = 0;
        }

        private static MillraceException full() {
            return new MillraceException(
                    ErrorKind.TEMPORARY, "The registry is busy with other large requests. Try again in a moment.");
        }
    }
}
