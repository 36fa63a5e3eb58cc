package dev.millrace.registry.security.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Place;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chain of the audit's rows, and what a verification finds when somebody with the database's password was there. */
class AuditChainTest {
    @TempDir
    Path home;

    private Place place;
    private Database database;

    @BeforeEach
    void open() throws Exception {
        Files.createDirectories(home.resolve("registry"));
        place = TestDatabases.of(home);
        database = Database.open(place, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Act act(String name) {
        ObjectNode given = (ObjectNode) StrictJson.tree("{\"name\": \"" + name + "\"}");
        return new Act(
                "ada", "POST registered-models/create", "model:" + name, given, "r-1", "127.0.0.1", 1_700_000_000_000L);
    }

    private void add(String... names) {
        for (String name : names) database.change(act(name)::done);
    }

    private AuditVerification.Report verified(Optional<ChainHead> noted) {
        try (Attachment attachment = Attachment.open(place)) {
            return new AuditVerification(noted).of(attachment);
        }
    }

    private void tamper(String sql) {
        database.change(tx -> tx.execute(sql));
    }

    /** The digest of docs/registry/audit.md's example, by Python's hashlib: see there. */
    @Test
    void theDigestIsTheDocumentedOne() {
        AuditEntry entry = new AuditEntry(
                1,
                1_700_000_000_000L,
                "ada",
                "POST experiments/create",
                "experiment:größe",
                "{}",
                200,
                "r-1",
                "127.0.0.1");

        assertThat(ChainHead.NONE.and(entry).toString())
                .isEqualTo("1:d6ea60f78dbf4c083994357e0f62e11441d627e9dd01091ccce5de0c020d6037");
    }

    @Test
    void whatIsAddedHolds() {
        assertThat(verified(Optional.empty()).head()).isEqualTo(ChainHead.NONE);

        add("ä", "b", "日本");

        AuditVerification.Report report = verified(Optional.empty());
        assertThat(report.head().entries()).isEqualTo(3);
        assertThat(report.before()).isZero();
        add("later");
        assertThat(verified(Optional.of(report.head())).head().entries()).isEqualTo(4);
        assertThat(verified(Optional.of(ChainHead.NONE)).head().entries()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE audit SET user_name = 'eve' WHERE id = 2          | Row 2 of the audit log does not match",
                "UPDATE audit SET at = at + 1 WHERE id = 2                | Row 2 of",
                "UPDATE audit SET action = 'GET x' WHERE id = 2           | Row 2 of",
                "UPDATE audit SET target = '*' WHERE id = 2               | Row 2 of",
                "UPDATE audit SET detail = '{}' WHERE id = 2              | Row 2 of",
                "UPDATE audit SET status = 403 WHERE id = 2               | Row 2 of",
                "UPDATE audit SET request_id = 'r-2' WHERE id = 2         | Row 2 of",
                "UPDATE audit SET address = '::1' WHERE id = 2            | Row 2 of",
                "UPDATE audit SET digest = NULL WHERE id = 2              | Row 2 of",
                "UPDATE audit SET id = 9 WHERE id = 2                     | Row 3 of",
                "DELETE FROM audit WHERE id = 1                           | Row 2 of",
                "DELETE FROM audit WHERE id = 3                           | Row 4 of",
                "DELETE FROM audit WHERE id = 4                           | 1 rows after row 3 are missing",
                "DELETE FROM audit WHERE id > 2                           | 2 rows after row 2 are missing",
                "DELETE FROM audit                                        | 4 rows after row 0 are missing",
                "UPDATE audit SET user_name = user_name || action, action = '' WHERE id = 2 | Row 2 of",
                "UPDATE audit_head SET entries = 3                        | The head was changed",
                "UPDATE audit_head SET before_id = 2                      | ",
            })
    void whateverIsChangedIsFound(String sql, String said) {
        add("a", "b", "c", "d");
        if (said == null) { // claims that rows were there before the chain: they have digests, so they are checked
            tamper(sql);
            assertThat(verified(Optional.empty()).head().entries()).isEqualTo(4);
            return;
        }

        tamper(sql);

        assertThatThrownBy(() -> verified(Optional.empty()))
                .isInstanceOfSatisfying(MillraceException.class, found -> assertThat(found.kind())
                        .isEqualTo(ErrorKind.INPUT_UNREADABLE))
                .hasMessageContaining(said);
    }

    @Test
    void twoRowsThatChangedPlacesAreFound() {
        add("a", "b", "c");

        tamper("UPDATE audit SET id = -2 WHERE id = 2");
        tamper("UPDATE audit SET id = 2 WHERE id = 3");
        tamper("UPDATE audit SET id = 3 WHERE id = -2");

        assertThatThrownBy(() -> verified(Optional.empty())).hasMessageContaining("Row 2 of");
    }

    /** Whoever can write everything can compute everything again; what was noted elsewhere tells. */
    @Test
    void aLogThatWasRewrittenWholeIsFoundByANotedHead() {
        add("a", "b", "c");
        ChainHead noted = verified(Optional.empty()).head();
        tamper("DELETE FROM audit");
        tamper("UPDATE audit_head SET entries = 0, digest = '" + ChainHead.NONE.digest() + "'");
        add("a");
        assertThat(verified(Optional.empty()).head().entries()).isEqualTo(1);

        assertThatThrownBy(() -> verified(Optional.of(noted))).hasMessageContaining("3 were noted");
        add("b", "x", "y");
        assertThatThrownBy(() -> verified(Optional.of(noted))).hasMessageContaining("was rewritten up to there");
    }

    @Test
    void writesThatFailInAGroupLeaveTheChainWhole() {
        List<CompletableFuture<Void>> writes = IntStream.range(0, 200)
                .mapToObj(i -> CompletableFuture.runAsync(() -> database.change(tx -> {
                    act("n" + i).done(tx);
                    if (i % 3 == 0) throw new IllegalStateException("undone");
                })))
                .toList();
        writes.forEach(write -> write.exceptionally(undone -> null).join());

        assertThat(database.load().groups())
                .as("some were undone by a savepoint")
                .isLessThan(200);
        assertThat(verified(Optional.empty()).head().entries()).isEqualTo(133);
    }

    @Test
    void rowsFromBeforeTheChainAreCountedAndNotCovered() {
        tamper("INSERT INTO audit (at, user_name, action, target, detail, status, request_id, address)"
                + " VALUES (1, 'old', 'POST x', '*', '{}', 200, '-', '-')");
        tamper("UPDATE audit_head SET before_id = (SELECT MAX(id) FROM audit)"); // as migration 0006 does
        add("a", "b");

        AuditVerification.Report report = verified(Optional.empty());

        assertThat(report.before()).isEqualTo(1);
        assertThat(report.head().entries()).isEqualTo(2);
        tamper("UPDATE audit_head SET before_id = 2");
        tamper("UPDATE audit SET digest = NULL WHERE id = 2");
        assertThatThrownBy(() -> verified(Optional.empty())).hasMessageContaining("Row 3 of");
    }

    @Test
    void headsAreReadAsTheyAreWritten() {
        ChainHead head = new ChainHead(7, "0a".repeat(32));

        assertThat(ChainHead.parse(head.toString())).isEqualTo(head);
        for (String wrong : List.of("7", "7:0A", "-1:" + "0".repeat(64), "7:" + "0".repeat(63))) {
            assertThatThrownBy(() -> ChainHead.parse(wrong)).hasMessageContaining(wrong);
        }
    }
}
