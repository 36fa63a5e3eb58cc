package dev.millrace.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * What a command does when its process is asked to end (SIGTERM, SIGINT) while it works. Thread-safe.
 *
 * <p>Spark stops its context in a shutdown hook of its own, and the job's thread then fails with whatever it was doing.
 * Hooks of Hadoop's manager run in the order of their priorities, so ours comes before Spark's (40): the runs end as
 * KILLED and the message is printed while everything still works, and what fails afterwards is not reported.
 */
final class Interruption {
    private static final int BEFORE_SPARK = 60;
    private static final long SECONDS = 20;

    private final AtomicReference<Runnable> action = new AtomicReference<>(() -> {});
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean finished = new AtomicBoolean();

    /**
     * Makes the process run the command's action when it is asked to end.
     *
     * @param log shut at that moment
     */
    void install(LogGate log) {
        Runnable hook = () -> {
            if (finished.get() || !begun.compareAndSet(false, true)) return;
            log.shut();
            action.get().run();
        };
        ShutdownHookManager.get().addShutdownHook(hook, BEFORE_SPARK, SECONDS, TimeUnit.SECONDS);
    }

    /** What to do; replaces what was to be done before. */
    void whenInterrupted(Runnable next) {
        action.set(next);
    }

    /** The command has ended by itself; nothing is to be done any more. */
    void finish() {
        finished.set(true);
    }

    /** Whether the process is ending although the command has not. */
    boolean hasBegun() {
        return begun.get();
    }
}
