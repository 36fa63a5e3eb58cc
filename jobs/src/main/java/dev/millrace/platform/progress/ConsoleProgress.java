package dev.millrace.platform.progress;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Progress on a console: on a terminal one live line per step, with Spark's tasks and the time so far; in a log one
 * line when a step is over.
 */
public final class ConsoleProgress implements Progress, AutoCloseable {
    private static final long REFRESH_MILLIS = 250;

    private final PrintStream out;
    private final boolean terminal;
    private final String label;
    private final LongSupplier nanos;
    private final TaskCount tasks;
    private final Thread refresher;
    private String current; // guarded by this
    private long startedAt; // guarded by this
    private volatile boolean closed;

    /**
     * @param label begins each line: the job's or the pipeline step's name
     * @param tasks Spark's tasks, counted by a listener
     */
    public ConsoleProgress(PrintStream out, boolean terminal, String label, LongSupplier nanos, TaskCount tasks) {
        this.out = out;
        this.terminal = terminal;
        this.label = label;
        this.nanos = nanos;
        this.tasks = tasks;
        this.refresher = new Thread(this::refresh, "millrace-progress");
        refresher.setDaemon(true);
        if (terminal) refresher.start();
    }

    /** Tasks of the stages that are running or have run since the last reset. */
    public static final class TaskCount {
        private final AtomicLong total = new AtomicLong();
        private final AtomicLong done = new AtomicLong();

        public void submitted(long count) {
            total.addAndGet(count);
        }

        public void finished() {
            done.incrementAndGet();
        }

        void reset() {
            total.set(0);
            done.set(0);
        }
    }

    @Override
    public synchronized void step(String text) {
        finish();
        current = text;
        startedAt = nanos.getAsLong();
        tasks.reset();
        show();
    }

    @Override
    public synchronized void done() {
        finish();
        close();
    }

    @Override
    public synchronized void warn(String text) {
        if (terminal && current != null) out.print("\r\033[K");
        out.println("warning: " + label + ": " + text);
    }

    @Override
    public void close() {
        closed = true;
        refresher.interrupt();
    }

    private synchronized void finish() {
        if (current == null) return;
        if (terminal) out.print("\r\033[K");
        out.printf("%-14s %s (%.1f s)%n", label, current, seconds());
        current = null;
    }

    private synchronized void show() {
        if (!terminal || current == null) return;
        long total = tasks.total.get();
        String counted = total == 0 ? "" : " · tasks " + tasks.done.get() + "/" + total;
        out.print("\r\033[K" + String.format("%-14s %s … %.0f s%s", label, current, seconds(), counted));
        out.flush();
    }

    private double seconds() {
        return (nanos.getAsLong() - startedAt) / 1e9;
    }

    private void refresh() {
        while (!closed) {
            try {
                Thread.sleep(REFRESH_MILLIS);
            } catch (InterruptedException ended) {
                return;
            }
            show();
        }
    }
}
