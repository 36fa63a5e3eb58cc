package dev.millrace.registry.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody holds a connection, or the writer, for as long as a query likes. */
class DeadlinesTest {
    private Database database;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(TestDatabases.of(folder), Clock.systemUTC(), Duration.ofSeconds(2));
    }

    @AfterEach
    void close() {
        Caller.ended();
        database.close();
    }

    /** Counts for minutes. */
    private static long endless(Handle tx) {
        return tx.createQuery(
                        """
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000)
                        SELECT COUNT(*) FROM n""")
                .mapTo(Long.class)
                .one();
    }

    private static void insert(Handle tx, String name) {
        tx.createUpdate(
                        """
                        INSERT INTO experiments (name, artifact_location, lifecycle, created_at, updated_at)
                        VALUES (:name, '', 'active', 0, 0)""")
                .bind("name", name)
                .execute();
    }

    private long named(String name) {
        return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM experiments WHERE name = :name")
                .bind("name", name)
                .mapTo(Long.class)
                .one());
    }

    private static ErrorKind kind(Throwable failure) {
        return ((MillraceException) failure).kind();
    }

    @Test
    void aReadThatTakesTooLongIsStoppedAndItsConnectionServesOthers() {
        for (int i = 0; i < 8; i++) {
            if (i % 4 == 0) {
                assertThatThrownBy(() -> database.read(DeadlinesTest::endless))
                        .hasMessageContaining("took longer than 2 s")
                        .extracting(DeadlinesTest::kind)
                        .isEqualTo(ErrorKind.USAGE);
            }
            assertThat(named("Default")).isEqualTo(1);
        }
    }

    @Test
    void aReadWhoseClientHasGoneIsStoppedBeforeItsDeadline() {
        Caller.isRequest(() -> true);

        assertThatThrownBy(() -> database.read(DeadlinesTest::endless))
                .hasMessageContaining("gone away")
                .extracting(DeadlinesTest::kind)
                .isEqualTo(ErrorKind.TEMPORARY);
    }

    @Test
    void aWriteThatTakesTooLongIsStoppedAndKeepsNothing() {
        assertThatThrownBy(() -> database.change(tx -> {
                    insert(tx, "half");
                    endless(tx);
                }))
                .hasMessageContaining("took longer than 2 s");

        database.change(tx -> insert(tx, "next"));
        assertThat(named("half")).isZero();
        assertThat(named("next")).isEqualTo(1);
    }

    @Test
    void whatIsCommittedWithAStoppedWriteIsKeptOrToldToComeAgain() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        ExecutorService callers = Executors.newFixedThreadPool(12);
        Future<?> first = callers.submit(() -> database.change(tx -> {
            held.countDown();
            holdUntil(queued);
        }));
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue(); // alone: the others wait together
        List<Future<Boolean>> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            others.add(callers.submit(() -> {
                try {
                    database.change(tx -> {
                        insert(tx, "other" + number);
                        if (number == 5) endless(tx);
                    });
                    return true;
                } catch (MillraceException refused) {
                    return false;
                }
            }));
        }
        while (database.load().waiting() < 10) Thread.sleep(5);
        queued.countDown();
        first.get();

        for (int i = 0; i < 10; i++) {
            boolean acknowledged = others.get(i).get();
            assertThat(named("other" + i)).as("other" + i).isEqualTo(acknowledged ? 1 : 0);
        }
        assertThat(others.get(5).get()).isFalse();
        callers.shutdown();
    }

    private static void holdUntil(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void lookupsDoNotWaitForSearches() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(6);
        ExecutorService searches = Executors.newFixedThreadPool(6);
        for (int i = 0; i < 6; i++) {
            searches.execute(() -> database.read(tx -> {
                reading.countDown();
                holdUntil(release);
                return null;
            }));
        }
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(database.<Long>look(tx -> tx.createQuery("SELECT COUNT(*) FROM experiments")
                        .mapTo(Long.class)
                        .one()))
                .isEqualTo(1);
        release.countDown();
        searches.shutdown();
    }

    @Test
    void whetherItCanWriteIsKnown() throws Exception {
        assertThat(database.whyUnwritable(Duration.ofSeconds(2))).isEmpty();
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService caller = Executors.newSingleThreadExecutor();
        CountDownLatch begun = new CountDownLatch(1);
        caller.execute(() -> database.change(tx -> {
            begun.countDown();
            holdUntil(release);
        }));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(database.whyUnwritable(Duration.ofMillis(100))).contains("a write takes longer than 100 ms");
        release.countDown();
        caller.shutdown();
    }
}
