package dev.millrace.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.registry.error.MillraceException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private Database database;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.sqlite(folder.resolve("test.db"), Clock.systemUTC());
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
    void aDatabaseIsOpenedAgainAsItWas(@TempDir Path folder) {
        Path file = folder.resolve("again.db");
        try (Database first = Database.sqlite(file, Clock.systemUTC())) {
            first.change(tx -> insert(tx, "kept"));
        }

        try (Database second = Database.sqlite(file, Clock.systemUTC())) {
            assertThat(second.<String>read(tx -> tx.createQuery("SELECT name FROM experiments WHERE id = 1")
                            .mapTo(String.class)
                            .one()))
                    .isEqualTo("kept");
        }
    }

    @Test
    void aDatabaseOfANewerServerIsNotTouched(@TempDir Path folder) {
        Path file = folder.resolve("newer.db");
        try (Database first = Database.sqlite(file, Clock.systemUTC())) {
            first.change(tx -> tx.execute("INSERT INTO schema_version VALUES (2, 'later.sql', '', 0)"));
        }

        assertThatThrownBy(() -> Database.sqlite(file, Clock.systemUTC()))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("schema version 2, this server knows 1");
    }
}
