package dev.millrace.registry.platform.storage;

import java.util.function.BooleanSupplier;

/** For whom the current thread reads: a request whose client may go away. */
public final class Caller {
    private static final ThreadLocal<BooleanSupplier> GONE = ThreadLocal.withInitial(() -> Caller::stays);

    private Caller() {}

    /**
     * From here on this thread works for a request.
     *
     * @param gone whether nobody waits for the answer any more; asked by another thread, when the work takes long
     */
    public static void isRequest(BooleanSupplier gone) {
        GONE.set(gone);
    }

    /** The request has ended. */
    public static void ended() {
        GONE.remove();
    }

    private static boolean stays() {
        return false;
    }

    static BooleanSupplier gone() {
        return GONE.get();
    }
}
