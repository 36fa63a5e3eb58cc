package dev.millrace.registry.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private Database database;

    @BeforeEach
    void start(@TempDir Path folder) {
        database = opened(folder);
    }

    private static Database opened(Path folder) {
        return Database.open(TestDatabases.of(folder), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static void insert(Handle tx, String name) {
        tx.createUpdate(
                        """
                        INSERT INTO experiments (name, artifact_location, lifecycle, created_at, updated_at)
                        VALUES (:name, '', 'active', 0, 0)""")
                .bind("name", name)
                .execute();
    }

    private int count() {
        return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM experiments WHERE id > 0")
                .mapTo(Integer.class)
                .one());
    }

    @Test
    void aFailingPieceOfAGroupIsUndoneAlone() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(16);
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int number = i;
            calls.add(callers.submit(() -> database.change(tx -> {
                insert(tx, "e" + number);
                if (number % 4 == 0) throw MillraceException.invalid("no " + number);
            })));
        }
        int refused = 0;
        for (Future<?> call : calls) {
            try {
                call.get();
            } catch (java.util.concurrent.ExecutionException failed) {
                assertThat(failed).hasCauseInstanceOf(MillraceException.class);
                refused++;
            }
        }
        callers.shutdown();

        assertThat(refused).isEqualTo(100);
        assertThat(count()).isEqualTo(300);
    }

    @Test
    void theWriterOutlivesAnError() {
        assertThatThrownBy(() -> database.change(tx -> {
                    insert(tx, "lost");
                    throw new StackOverflowError();
                }))
                .hasCauseInstanceOf(StackOverflowError.class);
        database.change(tx -> insert(tx, "kept"));

        assertThat(count()).isEqualTo(1);
    }

    @Test
    void aWriteBesideTheCloseIsDoneOrRefusedNeverForgotten(@TempDir Path again) throws Exception {
        Database closing = opened(again);
        ExecutorService callers = Executors.newFixedThreadPool(16);
        List<Future<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            String name = "e" + i;
            calls.add(callers.submit(() -> {
                try {
                    closing.change(tx -> insert(tx, name));
                    return 1;
                } catch (MillraceException refused) {
                    assertThat(refused.kind()).isEqualTo(ErrorKind.TEMPORARY);
                    return 0;
                }
            }));
        }
        calls.get(100).get();
        closing.close();
        callers.shutdown();

        assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        int acknowledged = 0;
        for (Future<Integer> call : calls) acknowledged += call.get();
        try (Database opened = opened(again)) {
            assertThat(opened.<Integer>read(tx -> tx.createQuery("SELECT COUNT(*) FROM experiments WHERE id > 0")
                            .mapTo(Integer.class)
                            .one()))
                    .isEqualTo(acknowledged);
        }
    }

    @Test
    void aUniqueViolationIsRecognisedAndHarmsNobodyElse() {
        database.change(tx -> insert(tx, "a"));

        assertThatThrownBy(() -> database.change(tx -> insert(tx, "a")))
                .matches(StorageErrors::isUniqueViolation, "unique violation");
        database.change(tx -> insert(tx, "b"));

        assertThat(count()).isEqualTo(2);
    }

    @Test
    void readersCannotWrite() {
        assertThatThrownBy(() -> database.read(tx -> {
                    insert(tx, "a");
                    return 1;
                }))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void aDatabaseIsOpenedAgainAsItWas(@TempDir Path again) {
        try (Database first = opened(again)) {
            first.change(tx -> insert(tx, "kept"));
        }

        try (Database second = opened(again)) {
            assertThat(second.<String>read(tx -> tx.createQuery("SELECT name FROM experiments WHERE id = 1")
                            .mapTo(String.class)
                            .one()))
                    .isEqualTo("kept");
        }
    }

    @Test
    void aDatabaseOfANewerServerIsNotTouched(@TempDir Path again) {
        try (Database first = opened(again)) {
            first.change(tx -> tx.execute("INSERT INTO schema_version VALUES (9999, 'later.sql', '', 0)"));
        }

        assertThatThrownBy(() -> opened(again))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("schema version 9999, this server knows");
    }

    @Test
    void textWithANulIsRefusedOnEveryDatabase() {
        assertThatThrownBy(() -> database.change(tx -> insert(tx, "a\0b")))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("NUL character")
                .extracting(failure -> ((MillraceException) failure).kind())
                .isEqualTo(ErrorKind.USAGE);
    }

    @Test
    void textsAreSortedByTheirBytes() {
        database.change(tx -> List.of("b", "A", "a", "B", "_", "ä").forEach(name -> insert(tx, name)));

        assertThat(database.<List<String>>read(
                        tx -> tx.createQuery("SELECT name FROM experiments WHERE id > 0 ORDER BY name")
                                .mapTo(String.class)
                                .list()))
                .containsExactly("A", "B", "_", "a", "b", "ä");
    }
}
