package dev.millrace.registry.lake.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.lake.tables.LakeFolder;
import dev.millrace.registry.platform.storage.Attachment;
import dev.millrace.registry.platform.storage.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lineage that is read once and stored. {@code -Dtest.lineage.records=100000} for the size that is promised, with a fifth as
 * many commits.
 */
class StoredLineageTest {
    private static final int RECORDS = Integer.getInteger("test.lineage.records", 2_000);
    private static final int COMMITS = RECORDS / 5;

    @TempDir
    Path home;

    private Path lake;
    private TestServer server;

    @BeforeEach
    void start() {
        lake = home.resolve("lake");
        server = TestServer.start(home);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String id(String kind, int number) {
        return "%s%031d".formatted(kind, number);
    }

    /** A commit of {@code raw.big} by a run of its own. */
    private void commit(int version, String run, String inputs) throws IOException {
        Path file = LakeFolder.log(lake, "raw.big", version);
        Files.createDirectories(file.getParent());
        String maker = ("{'run_id':'" + run + "','job':'ingest','inputs':[" + inputs + "]}").replace("'", "\\\"");
        Files.writeString(
                file,
                "{\"commitInfo\":{\"timestamp\":" + version + ",\"operation\":\"WRITE\",\"userMetadata\":\"" + maker
                        + "\"}}\n{\"add\":{\"dataChange\":true}}\n");
    }

    private Path record(String run, String inputs, String outputs, int at) throws IOException {
        Path file = Files.createDirectories(lake.resolve("_runs")).resolve(run + ".json");
        Files.writeString(
                file,
                ("{'run_id':'" + run + "','job':'score','inputs':[" + inputs + "],'outputs':[" + outputs
                                + "],'ended_at':" + at + "}")
                        .replace('\'', '"'));
        return file;
    }

    private void history(int commits, int records) throws IOException {
        for (int i = 0; i < commits; i++) commit(i, id("c", i), "'raw.source@0'");
        for (int i = 0; i < records; i++) {
            record(id("a", i), "'raw.big@" + i % commits + "','model:m/1'", "'predictions.p@" + i + "'", 1_000 + i);
        }
    }

    private JsonNode graph(String ref, String more) {
        TestServer.Answer answer = server.getPath("/api/v1/lineage?ref=" + ref + more);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private Set<String> refs(String ref, String more) {
        return new TreeSet<>(graph(ref, more).path("nodes").findValuesAsText("ref"));
    }

    private long count(String table) {
        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            return database.<Long>read(tx -> tx.createQuery("SELECT COUNT(*) FROM " + table)
                    .mapTo(Long.class)
                    .one());
        }
    }

    @Test
    void aLongHistoryIsReadOnceAndThenOnlyWhatIsNew() throws IOException {
        history(COMMITS, RECORDS);
        assertThat(graph("raw.big", "&depth=1&direction=up").path("nodes")).hasSize(51);
        assertThat(count("lineage_changes")).isEqualTo(COMMITS);
        assertThat(count("lineage_records")).isEqualTo(RECORDS);
        for (int i = 1; i < COMMITS - 1; i += Math.max(1, COMMITS / 50)) {
            Files.writeString(LakeFolder.log(lake, "raw.big", i), "is not read a second time");
        }

        commit(COMMITS, id("c", COMMITS), "'raw.source@1'");
        record(id("b", 1), "'raw.big@" + COMMITS + "'", "'model:m/2'", 5);
        long begun = System.nanoTime();
        Set<String> found = refs("model:m/2", "&direction=up");

        System.out.printf(
                "%d records, %d commits: %d ms after one more of each%n",
                RECORDS, COMMITS, (System.nanoTime() - begun) / 1_000_000);
        assertThat(found)
                .contains("run:" + id("b", 1), "raw.big@" + COMMITS, "run:" + id("c", COMMITS), "raw.source@1");
        assertThat(graph("model:m/1", "&direction=down&depth=1").path("nodes")).hasSize(51);
    }

    @Test
    void aTableThatIsCreatedAgainForgetsTheOneBefore() throws IOException {
        history(5, 0);
        assertThat(refs("raw.big", "")).contains("run:" + id("c", 4));

        LakeFolder.remove(lake.resolve("raw/big"));
        for (int i = 0; i < 7; i++) commit(i, id("e", i), "");

        assertThat(refs("raw.big", "")).contains("run:" + id("e", 6)).doesNotContain("run:" + id("c", 4));
        assertThat(server.getPath("/api/v1/lineage?ref=run:" + id("c", 4)).status())
                .isEqualTo(404);
        LakeFolder.remove(lake.resolve("raw/big"));
        assertThat(server.getPath("/api/v1/lineage?ref=run:" + id("e", 1)).status())
                .isEqualTo(404);
    }

    @Test
    void cleanedVersionsAndRemovedRecordsAreForgotten() throws IOException {
        history(5, 5);
        assertThat(refs("raw.big@4", "&direction=up")).contains("run:" + id("c", 0));

        Files.delete(LakeFolder.log(lake, "raw.big", 0));
        Files.delete(lake.resolve("_runs").resolve(id("a", 3) + ".json"));

        assertThat(refs("raw.big@4", "&direction=up"))
                .contains("run:" + id("c", 1))
                .doesNotContain("run:" + id("c", 0));
        assertThat(refs("model:m/1", "&direction=down"))
                .contains("run:" + id("a", 2))
                .doesNotContain("run:" + id("a", 3));
    }

    @Test
    void aHalfWrittenRecordIsReadOnceItIsWhole() throws IOException {
        history(2, 1);
        Path half = lake.resolve("_runs").resolve(id("b", 1) + ".json");
        Files.writeString(half, "{\"run_id\":");
        assertThat(refs("model:m/1", "&direction=down")).hasSize(3);

        record(id("b", 1), "'model:m/1'", "", 7);

        assertThat(refs("model:m/1", "&direction=down")).contains("run:" + id("b", 1));
    }

    @Test
    void aRunsRecordWinsOverItsCommitsWhicheverWasReadFirst() throws IOException {
        history(1, 0);
        record(id("c", 0), "'raw.other@2'", "'raw.big@0'", 77);
        refs("raw.big", "");
        commit(1, id("c", 0), "'raw.source@0'");

        JsonNode run = graph("run:" + id("c", 0), "&direction=up").path("nodes").path(0);

        assertThat(run.path("at").asLong()).isEqualTo(77);
        assertThat(run.path("job").asText()).isEqualTo("score");
        assertThat(refs("run:" + id("c", 0), "")).contains("raw.other@2", "raw.source@0", "raw.big@0", "raw.big@1");
    }

    @Test
    void theStoredCopyMayBeDeletedAndIsReadAgain() throws IOException {
        history(20, 30);
        JsonNode before = graph("raw.big@3", "");

        try (Attachment database = Attachment.open(TestDatabases.of(home))) {
            database.write(tx -> {
                for (String table : List.of("edges", "runs", "records", "changes", "tables")) {
                    tx.execute("DELETE FROM lineage_" + table);
                }
                return true;
            });
        }
        server.close();
        server = TestServer.start(home);

        assertThat(graph("raw.big@3", "")).isEqualTo(before);
    }
}
