package dev.millrace.registry.platform.tasks;

import dev.millrace.registry.platform.naming.Excerpt;
import dev.millrace.registry.platform.storage.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of a server. One thread looks for what is due and hands it to a few workers; at least once each, and with
 * pauses that double while it fails. Memory holds only what is being done. Thread-safe.
 *
 * <p>Each begun task has a lease. Only one server writes to a database, so leases that are there at a start belong to a
 * server that has ended, and are ended, too; those of a living one run out when a worker has lost its way.
 */
public final class Tasks implements AutoCloseable {
    /** How long tasks that were given up stay to be looked at. */
    public static final Duration KEPT = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);
    private static final int WORKERS = 8;
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int AT_ONCE = 64;
    private static final int SWEPT = 1_000;
    private static final int CHARS = 500;
    private static final long STOP_SECONDS = 2;

    private final Database database;
    private final Clock clock;
    private final TaskRepository repository = new TaskRepository();
    private final Map<String, Doer> doers = new ConcurrentHashMap<>();
    private final Set<Long> busy = ConcurrentHashMap.newKeySet();
    private final Semaphore news = new Semaphore(0);
    private final ExecutorService workers;
    private final Thread loop;
    private volatile boolean closing;
    private long sweptAt;

    public Tasks(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.workers = Executors.newFixedThreadPool(WORKERS, work -> daemon(work, "millrace-task"));
        this.loop = daemon(this::loop, "millrace-tasks");
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Says who does a kind. Before {@link #start}. */
    public void register(String kind, Doer doer) {
        doers.put(kind, doer);
    }

    /** Begins with what an earlier server left. */
    public void start() {
        if (database.<Boolean>read(repository::hasLeases)) database.change(repository::endLeases);
        loop.start();
    }

    /**
     * Adds a task in the transaction of the change that asks for it; it is seen as soon as that is committed.
     *
     * @return false when one of its kind and key waits already
     */
    public boolean add(Handle tx, Task task, long due) {
        boolean added = repository.add(tx, task, due, clock.millis());
        if (added) tx.afterCommit(this::nudge);
        return added;
    }

    /** How many wait in a lane, for whoever bounds it. */
    public long waiting(Handle tx, String kind, String lane) {
        return repository.waiting(tx, kind, lane);
    }

    /** There may be something due. */
    private void nudge() {
        news.release();
    }

    private void loop() {
        while (!closing) {
            try {
                if (begin() == 0) {
                    boolean told = news.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    if (told) news.drainPermits();
                }
                sweep();
            } catch (InterruptedException stopping) {
                return;
            } catch (RuntimeException failed) { // the database is away: what is due stays due
                LOG.warn("tasks wait: {}", failed.getMessage());
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(LOOK.toMillis());
        } catch (InterruptedException stopping) {
            closing = true;
        }
    }

    /** @return how many were begun */
    private int begin() {
        int free = WORKERS - busy.size();
        if (free <= 0) return 0;
        long now = clock.millis();
        Set<Long> doing = new HashSet<>(busy);
        List<TaskRepository.Due> due =
                database.read(tx -> repository.due(tx, doers.keySet(), doing, now, Math.min(free, AT_ONCE)));
        if (due.isEmpty()) return 0;
        database.change(tx -> due.forEach(one -> repository.lease(tx, one.id(), now + LEASE.toMillis())));
        for (TaskRepository.Due one : due) {
            busy.add(one.id());
            workers.execute(() -> attempt(one));
        }
        return due.size();
    }

    private void attempt(TaskRepository.Due one) {
        try {
            Outcome outcome = outcome(one.task());
            database.change(tx -> keep(tx, one, outcome));
        } catch (RuntimeException failed) { // its lease runs out, and it is tried again
            LOG.warn(
                    "the end of task {} {} was not kept: {}",
                    one.task().kind(),
                    one.task().key(),
                    failed.getMessage());
        } finally {
            busy.remove(one.id());
            nudge();
        }
    }

    private Outcome outcome(Task task) {
        try {
            return doers.get(task.kind()).attempt(task);
        } catch (RuntimeException failed) {
            LOG.warn("task {} {} failed", task.kind(), task.key(), failed);
            return new Outcome.Again(pauseAfter(task.attempts()), String.valueOf(failed.getMessage()));
        }
    }

    private void keep(Handle tx, TaskRepository.Due one, Outcome outcome) {
        long now = clock.millis();
        if (outcome instanceof Outcome.Again again) {
            repository.again(tx, one.id(), now + again.pause().toMillis(), Excerpt.of(again.why(), CHARS));
        } else if (outcome instanceof Outcome.GivenUp givenUp) {
            repository.givenUp(tx, one.id(), Excerpt.of(givenUp.why(), CHARS), now);
        } else {
            repository.done(tx, one.id());
        }
    }

    /** 1, 2, 4 seconds and so on, ten minutes at most. */
    public static Duration pauseAfter(int attempts) {
        int doublings = Math.min(Math.max(attempts - 1, 0), 20);
        Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private void sweep() {
        long now = clock.millis();
        if (now - sweptAt < SWEEP.toMillis()) return;
        sweptAt = now;
        long before = now - KEPT.toMillis();
        while (database.<Boolean>read(tx -> repository.hasFailed(tx, before))) { // usually there is nothing to write
            database.change(tx -> repository.removeFailed(tx, before, SWEPT));
        }
    }

    /** Lets what is being done end, within a limit; the rest is done after the next start. */
    @Override
    public void close() {
        closing = true;
        loop.interrupt();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) workers.shutdownNow();
        } catch (InterruptedException interrupted) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
