package dev.millrace.job.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IngestJobTest {
    private static final String SCHEMA = "schema: {id: long, amount: double}\n";

    private JobHarness harness;
    private Path home;
    private Path landing;
    private String table;

    @BeforeAll
    void makeHome(SparkSession spark, @TempDir Path folder) {
        home = folder;
        harness = new JobHarness(spark, folder);
    }

    @BeforeEach
    void ownFolderAndTable(TestInfo test) throws IOException {
        table = test.getTestMethod().orElseThrow().getName();
        landing = Files.createDirectories(home.resolve("landing").resolve(table));
    }

    private void land(String file, String text) throws IOException {
        Files.createDirectories(landing.resolve(file).getParent());
        Files.writeString(landing.resolve(file), text);
    }

    private IngestResult ingest(String options) {
        return harness.run(new IngestJob(), "path: \"" + landing + "\"\noutput: raw." + table + "\n" + options);
    }

    private List<Long> ids() {
        return harness.read("raw." + table).stream()
                .map(row -> row.<Long>getAs("id"))
                .sorted()
                .toList();
    }

    private List<String> log() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lake/raw/" + table + "/_millrace"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private long version() {
        return harness.history("raw." + table).newest(1).get(0).version();
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
        // As if killed after the quarantine's commit and before the table's: its commit is not there.
        Path commit = home.resolve("lake/raw/" + table + "/_delta_log/00000000000000000001.json");
        Files.delete(commit);
        Files.deleteIfExists(commit.resolveSibling(".00000000000000000001.json.crc"));
        Files.deleteIfExists(commit.resolveSibling("00000000000000000001.crc"));
        Files.deleteIfExists(commit.resolveSibling(".00000000000000000001.crc.crc"));
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
    void recordsThatAKilledAttemptQuarantinedAreRemovedWhenTheyTurnOutGood() throws IOException {
        land("a.csv", "id,amount\n1,1\n");
        ingest(SCHEMA);
        land("b.csv", "id,amount\n2,1\nworse,1\n");
        ingest(SCHEMA);
        Path commit = home.resolve("lake/raw/" + table + "/_delta_log/00000000000000000001.json");
        Files.delete(commit);
        Files.deleteIfExists(commit.resolveSibling(".00000000000000000001.json.crc"));
        Files.deleteIfExists(commit.resolveSibling("00000000000000000001.crc"));
        Files.deleteIfExists(commit.resolveSibling(".00000000000000000001.crc.crc"));
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
                .hasMessageContaining("could double their rows");
        assertThat(ids()).containsExactly(1L);
    }

    @Test
    void typesAreInferredFromAllValues() throws IOException {
        String rows = IntStream.rangeClosed(1, 500)
                .mapToObj(i -> i + ",1," + (i == 500 ? "late" : i) + ",2024-01-02,2024-01-02T03:04:05Z,007,true,\n")
                .collect(Collectors.joining());
        land("a.csv", "id,amount,code,day,at,zip,flag,nothing\n" + rows);
        land("b.csv", "id,amount,code,day,at,zip,flag,nothing\n501,2.5,x,2024-01-03,2024-01-04,1,false,\n");

        ingest("");

        Map<String, String> types = Stream.of(
                        harness.rows("raw." + table).schema().fields())
                .collect(Collectors.toMap(
                        field -> field.name(), field -> field.dataType().simpleString()));
        assertThat(types)
                .containsEntry("id", "bigint")
                .containsEntry("amount", "double")
                .containsEntry("code", "string")
                .containsEntry("day", "date")
                .containsEntry("at", "timestamp")
                .containsEntry("zip", "string")
                .containsEntry("flag", "boolean")
                .containsEntry("nothing", "string");
        assertThat(harness.read("raw." + table)).hasSize(501).allSatisfy(row -> {
            assertThat(row.isNullAt(row.fieldIndex("code"))).isFalse();
            assertThat(row.<LocalDate>getAs("day")).isNotNull();
        });
    }

    @Test
    void jsonTypesAreInferredFromAllValuesToo() throws IOException {
        land(
                "a.jsonl",
                """
                {"id": 1, "geo": {"lat": 1.5}, "tags": ["a"]}
                {"id": 2, "amount": 2, "tags": []}
                {"id": 3, "amount": 2.5, "geo": {"lat": 2, "lon": 3}}
                """);

        ingest("");

        assertThat(harness.rows("raw." + table).schema().toDDL())
                .startsWith("amount DOUBLE,geo STRUCT<lat: DOUBLE, lon: BIGINT>,id BIGINT,tags ARRAY<STRING>");
        assertThat(harness.rows("raw." + table)
                        .where("geo.lat = 2")
                        .select("id")
                        .as(org.apache.spark.sql.Encoders.LONG())
                        .collectAsList())
                .containsExactly(3L);
    }

    @Test
    void rulesSendRowsToQuarantineAndAreReported() throws IOException {
        land("a.csv", "id,amount\n1,5\n2,-1\n,3\n,-3\n5,\n");

        IngestResult result = ingest(
                SCHEMA
                        + """
                not-null: [id]
                rules: [{name: positive, column: amount, where: amount >= 0}]
                """);

        assertThat(ids()).containsExactly(1L, 5L);
        assertThat(result.quarantined()).isEqualTo(3);
        List<Row> rejected = harness.read("quarantine." + table);
        assertThat(rejected)
                .extracting(row -> row.getAs("line") + " " + row.getAs("rule") + " " + row.getAs("record"))
                .containsExactlyInAnyOrder(
                        "3 positive {\"id\":2,\"amount\":-1.0}",
                        "4 not-null {\"amount\":3.0}",
                        "5 not-null, positive {\"amount\":-3.0}");
        Map<String, Long> failed = harness.read("quality.results").stream()
                .filter(row -> row.getAs("table_name").equals("raw." + table))
                .collect(Collectors.toMap(row -> row.getAs("rule"), row -> row.getAs("failed_rows")));
        assertThat(failed).containsOnly(Map.entry("not-null", 2L), Map.entry("positive", 2L));
    }

    @Test
    void tooManyBadRecordsStopTheBatch() throws IOException {
        land("a.csv", "id,amount\n1,5\n2,x\n");

        assertThatThrownBy(() -> ingest(SCHEMA + "max-quarantined: 0.25\n"))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.QUALITY_GATE))
                .hasMessageContaining("1 of 2 records");
        assertThat(harness.exists("raw." + table)).isFalse();
        assertThat(harness.exists("quarantine." + table)).isFalse();
    }

    @Test
    void namesThatDeltaCannotTakeAreRefusedWithAReadyMapping() throws IOException {
        land("a.csv", "id,Amount (EUR)\n1,5\n");

        assertThatThrownBy(() -> ingest("")).hasMessageContaining("columns: {\"Amount (EUR)\": amount_eur}");
        ingest("columns: {\"Amount (EUR)\": amount_eur}\n");

        assertThat(harness.rows("raw." + table).columns()).startsWith("id", "amount_eur");
    }

    @Test
    void columnsMayComeInAnotherOrderAndNewOnesAreAddedOnRequest() throws IOException {
        land("a.csv", "id,amount\n1,5\n");
        ingest("");
        land("b.csv", "note,amount,id\nhello,6,2\n");

        assertThatThrownBy(() -> ingest("")).hasMessageContaining("`note`, which the schema does not know");
        ingest("on-new-column: add\non-missing-column: fill\n");

        Row second = harness.rows("raw." + table)
                .where(functions.col("id").equalTo(2))
                .head();
        assertThat(second.<String>getAs("note")).isEqualTo("hello");
        assertThat(second.<Number>getAs("amount").doubleValue()).isEqualTo(6);
    }

    @Test
    void valuesThatDoNotFitTheTableGoToQuarantineWithTheirLine() throws IOException {
        land("a.csv", "id,amount\n1,5.5\n");
        ingest("");
        land("b.csv", "id,amount\n2,\"a\nb\"\n3,7\n\n4,much\n");

        ingest("");

        assertThat(ids()).containsExactly(1L, 3L);
        assertThat(harness.read("quarantine." + table))
                .extracting(row -> row.getAs("line") + " " + row.getAs("column_name") + " " + row.getAs("record"))
                .containsExactlyInAnyOrder("2 amount 2,\"a\nb\"", "6 amount 4,much");
    }

    @Test
    void parquetWithoutZoneIsTakenInTheDeclaredOne(SparkSession spark) throws IOException {
        spark.range(3)
                .selectExpr("id", "TIMESTAMP_NTZ '2024-07-01 12:00:00' as at", "cast(id as string) as text")
                .write()
                .parquet(landing.resolve("data").toString());

        ingest("time-zone: Europe/Berlin\ncast: {text: int}\n");

        assertThat(harness.read("raw." + table)).hasSize(3).allSatisfy(row -> {
            assertThat(row.<Instant>getAs("at")).isEqualTo(Instant.parse("2024-07-01T10:00:00Z"));
            assertThat(row.<Integer>getAs("text")).isEqualTo((int) (long) row.<Long>getAs("id"));
        });
    }

    @Test
    void valuesThatACastLosesGoToQuarantineWithTheirRow(SparkSession spark) throws IOException {
        spark.range(0, 4, 1, 1)
                .selectExpr("id", "array('1', 'two', null, '4')[id] as text", "id + 0.5 as half")
                .write()
                .parquet(landing.resolve("data").toString());

        IngestResult result = ingest("cast: {text: int}\n");

        assertThat(result.landed()).isEqualTo(3);
        assertThat(harness.read("quarantine." + table))
                .extracting(row -> row.getAs("line") + " " + row.getAs("reason") + " " + row.getAs("record"))
                .containsExactly("2 `text` is no int: \"two\" {\"id\":1,\"text\":\"two\",\"half\":1.5}");
    }

    @Test
    void aClusteredTableIsMadeOnItsFirstBatch() throws IOException {
        land("a.csv", "id,amount\n1,5.5\n");

        harness.run(
                new IngestJob(),
                "path: \"" + landing + "\"\noutput: {table: raw." + table + ", cluster-by: [id]}\n" + SCHEMA);

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
            Landing seen = Landing.look(config, ctx);
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
}
