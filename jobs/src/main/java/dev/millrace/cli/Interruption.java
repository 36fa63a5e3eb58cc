package dev.millrace.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.logging.log4j.LogManager;
import org.apache.spark.SparkContext;

/**
 * What a command does when its process is asked to end (SIGTERM, SIGINT) while it works, or when its cluster ends the
 * Spark application (`yarn application -kill`, a master that removes it). Thread-safe.
 *
 * <p>Spark stops its context in a shutdown hook of its own, and the job's thread then fails with whatever it was doing.
 * Hooks of Hadoop's manager run in the order of their priorities, so ours comes before Spark's (40): the runs end as
 * KILLED and the message is printed while everything still works, and what fails afterwards is not reported.
 */
final class Interruption {
    private static final int BEFORE_SPARK = 60;
    private static final long SECONDS = 20;

    private final AtomicReference<Consumer<Cause>> action = new AtomicReference<>(cause -> {});
    private final AtomicReference<BooleanSupplier> stopped = new AtomicReference<>(() -> false);
    private final AtomicReference<Runnable> silence = new AtomicReference<>(() -> {});
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean finished = new AtomicBoolean();

    /** Why a command does not end by itself. */
    enum Cause {
        SIGNAL,
        CLUSTER
    }

    /**
     * Makes the process run the command's action when it is asked to end.
     *
     * @param log shut at that moment
     */
    void install(LogGate log) {
        silence.set(() -> {
            log.shut();
            // spark-submit has made its appenders before main, on the stream behind the gate.
            LogManager.shutdown(LogManager.getContext(SparkContext.class.getClassLoader(), false));
        });
        ShutdownHookManager.get().addShutdownHook(() -> begin(Cause.SIGNAL), BEFORE_SPARK, SECONDS, TimeUnit.SECONDS);
    }

    private void begin(Cause cause) {
        if (finished.get() || !begun.compareAndSet(false, true)) return;
        silence.get().run();
        action.get().accept(cause);
    }

    /** What to do; replaces what was to be done before. */
    void whenInterrupted(Consumer<Cause> next) {
        action.set(next);
    }

    /** How to see that Spark was stopped, by whomever, while the command works. */
    void watch(BooleanSupplier sparkIsStopped) {
        stopped.set(sparkIsStopped);
    }

    /** The command has ended by itself; nothing is to be done any more. */
    void finish() {
        finished.set(true);
    }

    /**
     * Whether the process is ending, or Spark is stopped, although the command has not ended; what the command then
     * fails with says nothing. In the second case the action is run now.
     */
    boolean hasBegun() {
        if (!finished.get() && stopped.get().getAsBoolean()) begin(Cause.CLUSTER);
        return begun.get();
    }
}
