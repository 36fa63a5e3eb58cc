package dev.millrace.job.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.engine.landing.FileLog;
import dev.millrace.engine.landing.Landing;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each file once: runs that are killed, overtaken, or find nothing new. */
class IngestOnceTest extends IngestTests {
    /** As if killed after the quarantine's commit and before the table's: its commit is not there. */
    private void takeBackCommit(int version) throws IOException {
        Path log = home.resolve("lake/raw/" + table + "/_delta_log");
        String name = String.format("%020d", version);
        Files.delete(log.resolve(name + ".json"));
        for (String sum : List.of("." + name + ".json.crc", name + ".crc", "." + name + ".crc.crc")) {
            Files.deleteIfExists(log.resolve(sum));
        }
    }

    @Test
    void onlyNewFilesAreTakenAndARunWithoutAnyCommitsNothing() throws IOException {
        land("a.csv", "id,amount\n1,1.5\n2,x\n");
        ingest(SCHEMA);
        long afterFirst = version();

        IngestResult second = ingest(SCHEMA);
        assertThat(second.records()).isZero();
        assertThat(version()).isEqualTo(afterFirst);
        land("deeper/b.csv", "id,amount\n3,2\n");
        IngestResult third = ingest(SCHEMA);

        assertThat(third.files()).isEqualTo(1);
        assertThat(ids()).containsExactly(1L, 3L);
        Row row = harness.read("raw." + table).stream()
                .filter(found -> found.<Long>getAs("id") == 3)
                .findFirst()
                .orElseThrow();
        assertThat(row.schema().fieldNames())
                .containsExactly("id", "amount", "_ingested_at", "_source_file", "_batch_id");
        assertThat(row.<Instant>getAs("_ingested_at")).isEqualTo(Instant.parse("2026-02-01T00:00:00Z"));
        assertThat(row.<String>getAs("_source_file")).endsWith("/deeper/b.csv").startsWith("/");
        assertThat(row.<Long>getAs("_batch_id")).isEqualTo(1);
    }

    @Test
    void aBatchKilledBeforeItsCommitIsPlannedAgain() throws IOException {
        land("a.csv", "id,amount\n1,1\nbad,1\n");
        ingest(SCHEMA);
        land("b.csv", "id,amount\n2,1\nworse,1\n");
        ingest(SCHEMA);
        takeBackCommit(1);
        land("c.csv", "id,amount\n3,1\n");

        IngestResult again = ingest(SCHEMA);

        assertThat(again.files()).isEqualTo(2);
        assertThat(again.batch()).isEqualTo(1);
        assertThat(ids()).containsExactly(1L, 2L, 3L);
        assertThat(harness.read("quarantine." + table))
                .extracting(row -> row.<String>getAs("record"))
                .containsExactlyInAnyOrder("bad,1", "worse,1");
        assertThat(log()).hasSize(2);
    }

    @Test
    @Tag("slow")
    void recordsThatAKilledAttemptQuarantinedAreRemovedWhenTheyTurnOutGood() throws IOException {
        land("a.csv", "id,amount\n1,1\n");
        ingest(SCHEMA);
        land("b.csv", "id,amount\n2,1\nworse,1\n");
        ingest(SCHEMA);
        takeBackCommit(1);
        land("b.csv", "id,amount\n2,1\n4,1\n");

        ingest(SCHEMA);

        assertThat(ids()).containsExactly(1L, 2L, 4L);
        assertThat(harness.read("quarantine." + table)).isEmpty();
    }

    @Test
    void aLostLogIsRefusedRatherThanTakingTheFilesAgain() throws IOException {
        land("a.csv", "id,amount\n1,1\n");
        ingest(SCHEMA);
        for (String entry : log()) Files.delete(home.resolve("lake/raw/" + table + "/_millrace/" + entry));

        assertThatThrownBy(() -> ingest(SCHEMA))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.POLICY_REFUSED))
                .hasMessageContaining("could duplicate their rows");
        assertThat(ids()).containsExactly(1L);
    }

    @Test
    void emptyFilesMakeAnEmptyTableOnceAndAreRemembered() throws IOException {
        land("a.csv", "id,amount\n");
        ingest(SCHEMA);
        long created = version();
        land("b.csv", "id,amount\n");
        land("c.csv", "");

        IngestResult second = ingest(SCHEMA);
        IngestResult third = ingest(SCHEMA);

        assertThat(harness.read("raw." + table)).isEmpty();
        assertThat(second.files()).isEqualTo(2);
        assertThat(third.files()).isZero();
        assertThat(version()).isEqualTo(created);
    }

    @Test
    void aLongLogIsCarriedByOneEntry() throws IOException {
        land("a.csv", "id,amount\n1,1\n");
        ingest(SCHEMA);
        Path folder = home.resolve("lake/raw/" + table + "/_millrace");
        for (int i = 1; i < FileLog.CARRIED_AFTER; i++) {
            // Batches without rows: nothing of them is in the table's log.
            String entry = "{\"batch\":%d,\"run_id\":\"r\",\"committed\":false,\"files\":[{\"path\":\"file:%s\"}]}";
            Files.writeString(
                    folder.resolve(String.format("%020d-r.json", i)),
                    entry.formatted(i, landing.toRealPath().resolve("e" + i + ".csv")));
        }
        land("e7.csv", "id,amount\n7,1\n");
        land("z.csv", "id,amount\n2,1\n");

        IngestResult carrying = ingest(SCHEMA);

        assertThat(carrying.files()).isEqualTo(1);
        assertThat(log()).hasSize(1);
        assertThat(ingest(SCHEMA).files()).isZero();
        assertThat(ids()).containsExactly(1L, 2L);
    }

    /** Ingest that is overtaken by another run after it has seen the files and before it writes. */
    private record Overtaken(Runnable other) implements Job<IngestConfig, IngestResult> {
        @Override
        public String name() {
            return "ingest";
        }

        @Override
        public Class<IngestConfig> configType() {
            return IngestConfig.class;
        }

        @Override
        public IngestResult run(IngestConfig config, JobContext ctx) {
            Landing seen = Landing.look(
                    config, ctx.tables(), ctx.spark().sparkContext().hadoopConfiguration());
            other.run();
            return new Batch(config, ctx, seen).ingest();
        }
    }

    @Test
    void oneOfTwoRunsThatSawTheSameFilesTakesThem() throws IOException {
        land("a.csv", "id,amount\n1,1\n");
        ingest(SCHEMA);
        land("b.csv", "id,amount\n2,1\nbad,1\n");
        Overtaken late = new Overtaken(() -> ingest(SCHEMA));

        assertThatThrownBy(() -> harness.run(late, "path: \"" + landing + "\"\noutput: raw." + table + "\n" + SCHEMA))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.CONFLICT));

        assertThat(ids()).containsExactly(1L, 2L);
        assertThat(harness.read("quarantine." + table)).hasSize(1);
        assertThat(log()).hasSize(2);
    }

    @Test
    @Tag("slow")
    void whatARunKilledAfterItWasOvertakenHasLeftIsClearedByTheNextEvenWithoutFiles() throws IOException {
        land("a.csv", "id,amount\n1,1\nbad,1\n");
        ingest(SCHEMA);
        String maker = log().get(0).replaceFirst("^0{20}-", "").replace(".json", "");
        // The loser's intent and its quarantined record; it was killed before it could take them back.
        Path folder = home.resolve("lake/raw/" + table + "/_millrace");
        String entry = Files.readString(folder.resolve(log().get(0)));
        Files.writeString(folder.resolve("%020d-loser.json".formatted(0)), entry.replace(maker, "loser"));
        Dataset<Row> lost = harness.table("quarantine." + table).withColumn("run_id", functions.lit("loser"));
        harness.append("quarantine." + table, lost.localCheckpoint(), 1);
        assertThat(harness.read("quarantine." + table)).hasSize(2);

        IngestResult clearing = ingest(SCHEMA);

        assertThat(clearing.files()).isZero();
        assertThat(harness.read("quarantine." + table))
                .extracting(row -> row.<String>getAs("run_id"))
                .containsExactly(maker);
        assertThat(log()).hasSize(1);
    }
}
