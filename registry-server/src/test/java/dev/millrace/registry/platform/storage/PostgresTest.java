package dev.millrace.registry.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only PostgreSQL has: addresses, accounts, sessions that end, a lock against a second server. */
class PostgresTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "postgresql://ada:s%2Fe%40c@db.example:5433/ml?sslmode=require | jdbc:postgresql://db.example:5433/ml?sslmode=require | ada | s/e@c",
                "postgres://db/ml                      | jdbc:postgresql://db/ml                   | -   | -",
                "postgresql+psycopg2://ada@db/ml       | jdbc:postgresql://db/ml                   | ada | -",
                "jdbc:postgresql://db/ml?user=ada      | jdbc:postgresql://db/ml?user=ada          | -   | -",
            })
    void addressesOfBothFormsAreRead(String text, String url, String user, String password) {
        Place.Postgres place = Place.postgres(text);

        assertThat(place).isEqualTo(new Place.Postgres(url, Optional.ofNullable(user), Optional.ofNullable(password)));
    }

    @Test
    void aPasswordIsNeverShown() {
        assertThat(Place.postgres("jdbc:postgresql://db/ml?user=ada&password=secret&ssl=true")
                        .toString())
                .isEqualTo("jdbc:postgresql://db/ml?user=ada&password=***&ssl=true");
        assertThat(Place.postgres("postgresql://ada:secret@db/ml").toString()).doesNotContain("secret");
        assertThatThrownBy(() -> Place.postgres("postgresql://ada:sec ret@db/ml"))
                .isInstanceOf(MillraceException.class)
                .hasMessageNotContaining("sec ret");
    }

    @ParameterizedTest
    @CsvSource({
        "08006, TEMPORARY",
        "57P01, TEMPORARY",
        "53300, TEMPORARY",
        "40P01, TEMPORARY",
        "53100, OUTPUT_UNWRITABLE",
        "58030, OUTPUT_UNWRITABLE",
        "25006, OUTPUT_UNWRITABLE",
        "54000, USAGE",
        "22021, USAGE"
    })
    void refusalsBecomeErrorsACallerCanActOn(String state, ErrorKind kind) {
        JdbiException refused =
                new UnableToExecuteStatementException("refused", new SQLException("refused", state), null);

        assertThat(StorageErrors.translated(refused))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(MillraceException.class))
                .extracting(MillraceException::kind)
                .isEqualTo(kind);
    }

    @Test
    void aServerThatDoesNotAnswerIsPassingTrouble() {
        assertThatThrownBy(() -> Database.open(Place.postgres("postgresql://127.0.0.1:1/ml"), Clock.systemUTC()))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/ml cannot be opened")
                .extracting(failure -> ((MillraceException) failure).kind())
                .isEqualTo(ErrorKind.TEMPORARY);
    }

    @Test
    @EnabledIfSystemProperty(named = "test.database", matches = "postgresql")
    void aDatabaseHasOneServer(@TempDir Path home) {
        try (Database first = Database.open(TestDatabases.of(home), Clock.systemUTC())) {
            assertThatThrownBy(() -> Database.open(TestDatabases.of(home), Clock.systemUTC()))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("Another server works on the database");
            assertThat(count(first)).isEqualTo(1);
        }
        try (Database second = Database.open(TestDatabases.of(home), Clock.systemUTC())) {
            assertThat(count(second)).isEqualTo(1);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "test.database", matches = "postgresql")
    void aLostConnectionFailsWithPassingTroubleAndIsMadeAgain(@TempDir Path home) {
        Place.Postgres place = Place.postgres(TestDatabases.postgresUrl(home));
        String name = place.url().replaceFirst(".*/", "");
        try (Database database = Database.open(place, Clock.systemUTC())) {
            assertThatThrownBy(() -> database.change(tx -> {
                        TestDatabases.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name + "'");
                        tx.execute("UPDATE experiments SET name = 'lost'");
                    }))
                    .isInstanceOf(MillraceException.class)
                    .extracting(failure -> ((MillraceException) failure).kind())
                    .isEqualTo(ErrorKind.TEMPORARY);

            database.change(tx -> tx.execute("UPDATE experiments SET name = 'kept'"));

            assertThat(database.<String>read(tx -> tx.createQuery("SELECT name FROM experiments")
                            .mapTo(String.class)
                            .one()))
                    .isEqualTo("kept");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "test.database", matches = "postgresql")
    void aServerThatLostItsLockToAnotherAnswersNothing(@TempDir Path home) throws InterruptedException {
        Place.Postgres place = Place.postgres(TestDatabases.postgresUrl(home));
        String name = place.url().replaceFirst(".*/", "");
        CountDownLatch fenced = new CountDownLatch(1);
        try (Database old = Database.open(place, Clock.systemUTC())) {
            old.whenFenced(fenced::countDown);
            CountDownLatch held = new CountDownLatch(1);
            Thread taking = new Thread(
                    () -> { // as soon as the lock is free, before the old server has noticed
                        while (true) {
                            try (Database fresh = Database.open(place, Clock.systemUTC())) {
                                assertThat(fresh.load().waiting()).isZero();
                                held.countDown();
                                fenced.await();
                                return;
                            } catch (MillraceException taken) {
                                Thread.onSpinWait();
                            } catch (InterruptedException stopped) {
                                return;
                            }
                        }
                    });
            // Its writer ends in the middle of a write, so that it cannot take the lock again at once.
            assertThatThrownBy(() -> old.change(tx -> {
                        TestDatabases.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name + "'");
                        taking.start();
                        try {
                            held.await(30, TimeUnit.SECONDS);
                        } catch (InterruptedException stopped) {
                            Thread.currentThread().interrupt();
                        }
                        tx.execute("UPDATE experiments SET name = 'lost'");
                    }))
                    .isInstanceOf(MillraceException.class);

            assertThat(fenced.await(30, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> count(old)).hasMessageContaining("Another server has taken over");
            assertThatThrownBy(() -> old.change(tx -> tx.execute("UPDATE experiments SET name = 'lost'")))
                    .isInstanceOf(MillraceException.class);
            taking.join();
        }
    }

    private static int count(Database database) {
        return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM experiments")
                .mapTo(Integer.class)
                .one());
    }
}
