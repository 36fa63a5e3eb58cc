package dev.millrace.registry.platform.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TasksTest {
    private static final String KIND = "greet";

    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private Database database;
    private Tasks tasks;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(TestDatabases.of(folder), Clock.systemUTC());
        tasks = new Tasks(database, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        tasks.close();
        database.close();
    }

    private Outcome note(Task task) {
        done.add(task.payload());
        return new Outcome.Done();
    }

    private void add(String key, String lane) {
        database.change(tx -> tasks.add(tx, Task.of(KIND, key, lane, key), 0));
    }

    private long left(String state) {
        return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM tasks WHERE state = :state")
                .bind("state", state)
                .mapTo(Long.class)
                .one());
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 1_000 && !holds.getAsBoolean(); i++) Thread.sleep(10);
        assertThat(holds.getAsBoolean()).isTrue();
    }

    @Test
    void aTaskIsDoneOnceItsChangeIsCommittedAndNotWhenThatIsUndone() throws InterruptedException {
        tasks.register(KIND, this::note);
        tasks.start();

        try {
            database.change(tx -> {
                tasks.add(tx, Task.of(KIND, "never", "a", "never"), 0);
                throw new IllegalStateException("undone");
            });
        } catch (IllegalStateException undone) {
            assertThat(undone).hasMessage("undone");
        }
        add("kept", "a");

        await(() -> left("waiting") == 0 && !done.isEmpty());
        assertThat(done).containsExactly("kept");
    }

    @Test
    void aLaneKeepsItsOrderAndASlowOneHoldsUpNoOther() throws InterruptedException {
        CountDownLatch released = new CountDownLatch(1);
        tasks.register(KIND, task -> {
            if (task.lane().equals("slow")) wait(released);
            return note(task);
        });
        for (int i = 0; i < 20; i++) add("slow" + i, "slow");
        for (int i = 0; i < 20; i++) add("quick" + i, "quick");

        tasks.start();

        await(() -> done.size() == 20);
        assertThat(List.copyOf(done)).allMatch(key -> key.startsWith("quick")).isSortedAccordingTo(TasksTest::byNumber);
        released.countDown();
        await(() -> done.size() == 40);
        assertThat(done.subList(20, 40)).isSortedAccordingTo(TasksTest::byNumber);
    }

    private static int byNumber(String one, String other) {
        return Integer.compare(
                Integer.parseInt(one.replaceAll("[a-z]", "")), Integer.parseInt(other.replaceAll("[a-z]", "")));
    }

    private static void wait(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatAnEndedServerHadBegunIsBegunAgain() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Tasks ended = new Tasks(database, Clock.systemUTC());
        CountDownLatch begun = new CountDownLatch(1);
        ended.register(KIND, task -> {
            begun.countDown();
            wait(never);
            throw new IllegalStateException("its process has ended");
        });
        ended.start();
        add("one", "a");
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        tasks.register(KIND, this::note);
        tasks.start();

        await(() -> done.contains("one"));
        never.countDown();
        ended.close();
    }

    @Test
    void whatFailsIsTriedAgainAndAnotherTaskOfTheLaneGoesOn() throws InterruptedException {
        tasks.register(KIND, task -> {
            if (task.payload().equals("bad") && task.attempts() < 3) throw new IllegalStateException("not yet");
            return note(new Task(KIND, "", "", task.payload() + task.attempts(), 0));
        });
        add("bad", "a");
        add("good", "a");

        tasks.start();

        await(() -> done.size() == 2);
        assertThat(done).containsExactly("good1", "bad3");
    }

    @Test
    void whatIsGivenUpStaysToBeSeenAndMayBeAddedAgain() throws InterruptedException {
        tasks.register(KIND, task -> done.isEmpty() && done.add("tried") ? new Outcome.GivenUp("no way") : note(task));
        tasks.start();
        add("one", "a");
        await(() -> left("failed") == 1);

        add("one", "a");

        await(() -> done.contains("one"));
        await(() -> left("failed") + left("waiting") == 0);
    }

    @Test
    void aKeyThatWaitsIsNotAddedTwice() {
        assertThat(database.<Boolean>write(tx -> tasks.add(tx, Task.of(KIND, "k", "a", "1"), 0)))
                .isTrue();
        assertThat(database.<Boolean>write(tx -> tasks.add(tx, Task.of(KIND, "k", "a", "2"), 0)))
                .isFalse();
        assertThat(database.<Long>read(tx -> tasks.waiting(tx, KIND, "a"))).isEqualTo(1);
    }

    @Test
    void pausesDoubleUpToTenMinutes() {
        assertThat(List.of(1, 2, 3, 10, 11, 1_000_000).stream().map(Tasks::pauseAfter))
                .containsExactly(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(512),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10));
    }
}
