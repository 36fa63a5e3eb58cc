package dev.millrace.platform.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TablesTest {
    private SparkSession spark;
    private Lake lake;

    @BeforeAll
    void make(SparkSession shared, @TempDir Path folder) {
        spark = shared;
        lake = new Lake(spark, folder.resolve("lake").toString(), Optional.empty());
    }

    private Tables tables(String run) {
        return tables(run, Optional.empty());
    }

    private Tables tables(String run, Optional<Instant> asOf) {
        Tables tables = new Tables(spark, lake, asOf);
        tables.begin(new Tables.Writer(
                inputs -> new CommitMetadata(run, "test", "c", "f", "", "1", "", inputs), input -> {}));
        return tables;
    }

    private static OutputRef out(String table) {
        return OutputRef.of(TableName.parse(table));
    }

    private Dataset<Row> rows(String... expressions) {
        return spark.range(0, 3, 1, 1).selectExpr(expressions);
    }

    private List<String> read(TableRef ref) {
        return tables("read").open(ref).rows().toJSON().collectAsList().stream()
                .sorted()
                .toList();
    }

    private List<String> read(String table) {
        return read(TableRef.parse(table));
    }

    private DeltaHistory history(String table) {
        return tables("read").history(TableName.parse(table)).orElseThrow();
    }

    @Test
    void anInputStaysAtTheVersionItWasOpenedAt() {
        tables("a").replace(out("raw.pinned"), rows("id"));
        Tables reader = tables("b");
        TableVersion opened = reader.open(TableRef.parse("raw.pinned"));
        tables("c").replace(out("raw.pinned"), rows("id + 100 AS id", "'new' AS extra"));

        assertThat(opened.printed()).isEqualTo("raw.pinned@0");
        assertThat(reader.open(TableRef.parse("raw.pinned"))).isSameAs(opened);
        assertThat(opened.rows().columns()).containsExactly("id");
        assertThat(opened.rows()
                        .agg(org.apache.spark.sql.functions.max("id"))
                        .head()
                        .getLong(0))
                .isEqualTo(2);
        assertThat(read(TableRef.parse("raw.pinned").at(0))).hasSize(3).contains("{\"id\":0}");
        assertThat(read("raw.pinned")).contains("{\"id\":100,\"extra\":\"new\"}");
    }

    @Test
    void anInputIsTheRowsAndColumnsAskedFor() {
        tables("a").replace(out("raw.parts"), rows("id", "id * 2 AS twice"));

        assertThat(read(new TableRef(
                        "raw.parts", Optional.empty(), Optional.empty(), Optional.of("id > 0"), List.of("twice"))))
                .containsExactly("{\"twice\":2}", "{\"twice\":4}");
        refused(
                ErrorKind.CONFIG,
                "`where: idd > 0` is not a condition on `raw.parts`",
                () -> read(new TableRef(
                        "raw.parts", Optional.empty(), Optional.empty(), Optional.of("idd > 0"), List.of())));
        refused(
                ErrorKind.SCHEMA_MISMATCH,
                "has no column `twce` (did you mean `twice`?)",
                () -> read(new TableRef(
                        "raw.parts", Optional.empty(), Optional.empty(), Optional.empty(), List.of("twce"))));
    }

    @Test
    void aWriteCarriesItsRunAndItsInputs() {
        tables("a").replace(out("raw.source"), rows("id"));
        Tables tables = tables("b");
        Dataset<Row> source = tables.open(TableRef.parse("raw.source")).rows();

        Commit commit = tables.replace(out("features.copy"), source);

        assertThat(commit.printed()).isEqualTo("features.copy@0");
        assertThat(commit.rowsWritten()).isEqualTo(3);
        CommitMetadata maker = history("features.copy").entry(0).millrace().orElseThrow();
        assertThat(maker.runId()).isEqualTo("b");
        assertThat(maker.inputs()).containsExactly("raw.source@0");
        assertThat(tables.commits()).containsExactly(commit);
    }

    @Test
    @Tag("slow")
    void replacingAPartTwiceLeavesWhatOnceLeaves() {
        tables("a").replace(out("raw.days"), rows("id", "id AS day"));
        Dataset<Row> monday = rows("id + 10 AS id", "1L AS day");

        tables("b").replaceWhere(out("raw.days"), monday, "day = 1");
        List<String> once = read("raw.days");
        tables("b").replaceWhere(out("raw.days"), monday, "day = 1");

        assertThat(read("raw.days")).isEqualTo(once).hasSize(5).contains("{\"id\":0,\"day\":0}");
        assertThatThrownBy(() -> tables("c").replaceWhere(out("raw.days"), monday, "day = 2"))
                .isInstanceOf(RuntimeException.class);
        assertThat(read("raw.days")).isEqualTo(once);
    }

    @Test
    void aBatchIsAppendedOnce() {
        Commit first = tables("a").append(out("raw.batches"), rows("id"), "ingest/raw.batches", 7);
        Commit again = tables("b").append(out("raw.batches"), rows("id"), "ingest/raw.batches", 7);
        Commit next = tables("b").append(out("raw.batches"), rows("id", "'x' AS extra"), "ingest/raw.batches", 8);

        assertThat(first.rowsWritten()).isEqualTo(3);
        assertThat(again.rowsWritten()).isZero();
        assertThat(again.version()).isEqualTo(first.version());
        assertThat(next.version()).isEqualTo(1);
        assertThat(read("raw.batches")).hasSize(6);
    }

    @Test
    void aMergeTakesNullKeysForEqualAndLeaksNothingIntoTheSession() {
        OutputRef output = out("raw.merged");
        String key = "IF(id = 0, NULL, id) AS key";
        tables("a").merge(output, rows(key, "'old' AS value"), List.of("key"));

        Commit commit = tables("b")
                .merge(
                        output,
                        rows(key, "'new' AS value", "1 AS extra").where("key IS NULL OR key = 2"),
                        List.of("key"));
        Commit foreign = tables("c").replace(out("raw.after"), rows("id"));

        assertThat(read("raw.merged"))
                .containsExactly(
                        "{\"key\":1,\"value\":\"old\"}",
                        "{\"key\":2,\"value\":\"new\",\"extra\":1}",
                        "{\"value\":\"new\",\"extra\":1}");
        assertThat(commit.rowsWritten()).isEqualTo(2);
        assertThat(history("raw.merged").entry(1).operation()).isEqualTo("MERGE");
        assertThat(history("raw.merged").entry(1).millrace().orElseThrow().runId())
                .isEqualTo("b");
        assertThat(spark.conf()
                        .getOption("spark.databricks.delta.commitInfo.userMetadata")
                        .isEmpty())
                .isTrue();
        assertThat(history("raw.after")
                        .entry(foreign.version())
                        .millrace()
                        .orElseThrow()
                        .runId())
                .isEqualTo("c");
        rows("id").write().format("delta").save(lake.root() + "/raw/bare");
        assertThat(history("raw.bare").entry(0).userMetadata()).isEmpty();
    }

    @Test
    void aMergeWithTheSameKeyTwiceIsRefusedAndChangesNothing() {
        tables("a").replace(out("raw.unique"), rows("id", "'a' AS v"));

        refused(ErrorKind.SCHEMA_MISMATCH, "Several rows have the same key", () -> tables("b")
                .merge(out("raw.unique"), rows("1L AS id", "string(id) AS v"), List.of("id")));

        assertThat(history("raw.unique").versions()).containsExactly(0L);
    }

    @Test
    void aMomentMeansTheVersionThatWasTheNewestThen() {
        tables("a").replace(out("raw.timed"), rows("id"));
        Instant first = history("raw.timed").entry(0).at();
        tables("b").replace(out("raw.timed"), rows("id + 1 AS id"));

        assertThat(tables("r", Optional.of(first))
                        .open(TableRef.parse("raw.timed"))
                        .version())
                .isZero();
        assertThat(tables("r", Optional.of(first))
                        .open(TableRef.parse("raw.timed").at(1))
                        .version())
                .isEqualTo(1);
        refused(
                ErrorKind.NOT_FOUND,
                "`raw.timed` had no version yet at 2000-01-01T00:00:00Z; its first commit is of " + first,
                () -> tables("r", Optional.of(Instant.parse("2000-01-01T00:00:00Z")))
                        .open(TableRef.parse("raw.timed")));
    }

    @Test
    void whatIsNotThereIsToldWithWhatIs() {
        tables("a").replace(out("raw.present"), rows("id"));

        refused(
                ErrorKind.NOT_FOUND,
                "Table `raw.present` has no version 42: versions 0 to 0 can be read. Remove `version` to read the latest.",
                () -> read(TableRef.parse("raw.present").at(42)));
        refused(
                ErrorKind.NOT_FOUND,
                "There is no table `raw.presnt`. Did you mean `raw.present`? Existing tables: ",
                () -> read("raw.presnt"));
        refused(ErrorKind.NOT_FOUND, "There is no Delta table at `/nowhere/x`", () -> read("/nowhere/x"));
    }

    @Test
    void everyTableCanBeReadByOldReadersAndHasNoZonelessTimes() throws Exception {
        Dataset<Row> rows = rows("id", "id % 2 AS part", "TIMESTAMP_NTZ '2026-01-01 12:00:00' AS at");
        tables("a").replace(out("shape.plain"), rows);
        tables("a").replace(new OutputRef(TableName.parse("shape.parts"), List.of("part"), List.of()), rows);
        tables("a").replace(new OutputRef(TableName.parse("shape.clustered"), List.of(), List.of("id")), rows);
        tables("a").merge(out("shape.plain"), rows, List.of("id"));
        tables("a").append(out("shape.appended"), rows, "x", 1);

        for (String table : List.of("plain", "parts", "clustered", "appended")) {
            assertThat(newestProtocol("shape/" + table).path("minReaderVersion").asInt())
                    .as(table)
                    .isEqualTo(1);
            assertThat(tables("r")
                            .open(TableRef.parse("shape." + table))
                            .schema()
                            .apply("at")
                            .dataType()
                            .typeName())
                    .isEqualTo("timestamp");
        }
        assertThat(tables("r").state(TableRef.parse("shape.parts")).partitionColumns())
                .containsExactly("part");
        refused(
                ErrorKind.SCHEMA_MISMATCH,
                "What is written to `shape.bad` has no column `prt` (did you mean `part`?)",
                () -> tables("a")
                        .replace(new OutputRef(TableName.parse("shape.bad"), List.of("prt"), List.of()), rows));
    }

    private JsonNode newestProtocol(String table) throws IOException {
        JsonNode protocol = null;
        try (Stream<Path> log = Files.list(Path.of(lake.root(), table, "_delta_log"))) {
            for (Path file : log.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode action = new ObjectMapper().readTree(line);
                    if (action.has("protocol")) protocol = action.path("protocol");
                }
            }
        }
        return protocol;
    }

    @Test
    void aLostRaceIsRunAgainOnWhatTheOtherLeft() {
        tables("a").replace(out("raw.raced"), rows("id"));
        Dataset<Row> ours = rows("id + 10 AS id");

        Commit commit = tables("b")
                .replace(
                        out("raw.raced"),
                        ours.mapPartitions(
                                new RivalCommit(lake.root() + "/raw/raced", 1, 1), Encoders.row(ours.schema())));

        assertThat(commit.version()).isEqualTo(2);
        assertThat(read("raw.raced")).containsExactly("{\"id\":10}", "{\"id\":11}", "{\"id\":12}");
    }

    @Test
    @Tag("slow")
    void twoFirstWritesKeepBothParts() {
        tables("a").replace(out("raw.rival"), rows("id"));
        for (String name : List.of("first_part", "first_merge")) {
            Dataset<Row> ours = rows("id + 10 AS id");
            Dataset<Row> beaten = ours.mapPartitions(
                    new RivalTable(lake.root() + "/raw/rival", lake.root() + "/raw/" + name),
                    Encoders.row(ours.schema()));

            if (name.equals("first_part")) tables("b").replaceWhere(out("raw." + name), beaten, "id >= 10");
            else tables("b").merge(out("raw." + name), beaten, List.of("id"));

            assertThat(read("raw." + name))
                    .containsExactlyInAnyOrder(
                            "{\"id\":0}", "{\"id\":1}", "{\"id\":2}", "{\"id\":10}", "{\"id\":11}", "{\"id\":12}");
        }
    }

    @Test
    void aTableNamedTwiceInAJobIsReadAtOneVersion() {
        tables("a").replace(out("raw.moving"), rows("id"));
        Tables job = tables("b");
        long first = job.open(TableRef.parse("raw.moving")).version();
        tables("c").replace(out("raw.moving"), rows("id + 10 AS id"));

        TableRef part =
                new TableRef("raw.moving", Optional.empty(), Optional.empty(), Optional.of("id > 0"), List.of("id"));

        assertThat(job.open(part).version()).isEqualTo(first);
    }

    @Test
    void whatIsCreatedKeepsItsFilesForThirtyDaysAndItsColumnsComments() {
        Dataset<Row> rows = rows("id", "id AS at");
        rows = rows.withMetadata(
                "at",
                new org.apache.spark.sql.types.MetadataBuilder()
                        .putString("comment", "when")
                        .build());
        tables("a").replace(out("raw.plain"), rows);
        tables("a")
                .replaceWhere(
                        new OutputRef(TableName.parse("raw.clustered"), List.of(), List.of("id")), rows, "id >= 0");

        for (String table : List.of("plain", "clustered")) {
            Row detail = spark.sql("DESCRIBE DETAIL delta.`" + lake.root() + "/raw/" + table + "`")
                    .select("properties")
                    .head();
            assertThat(detail.<String, String>getJavaMap(0))
                    .containsEntry("delta.deletedFileRetentionDuration", "interval 30 days")
                    .containsEntry("delta.logRetentionDuration", "interval 30 days");
            assertThat(tables("b")
                            .open(TableRef.parse("raw." + table))
                            .schema()
                            .apply("at")
                            .getComment()
                            .get())
                    .isEqualTo("when");
        }
    }

    @Test
    @Tag("slow")
    void aRaceLostTooOftenIsAConflictThatChangedNothing() {
        tables("a").replace(out("raw.contested"), rows("id"));
        Dataset<Row> ours = rows("id + 10 AS id");

        refused(
                ErrorKind.CONFLICT,
                "Other jobs write to `raw.contested` at the same time: stopped after 4 attempts and changed nothing",
                () -> tables("b")
                        .replace(
                                out("raw.contested"),
                                ours.mapPartitions(
                                        new RivalCommit(lake.root() + "/raw/contested", 1, 9),
                                        Encoders.row(ours.schema()))));
        assertThat(history("raw.contested").newest(9))
                .noneMatch(entry -> entry.userMetadata().contains("\"b\""));
    }

    @Test
    void anOutputThatCannotBeMadeSaysWhy() throws Exception {
        Files.createDirectories(Path.of(lake.root()));
        Files.writeString(Path.of(lake.root(), "blocked"), "a file where a folder should be");

        refused(ErrorKind.OUTPUT_UNWRITABLE, "Cannot write table `blocked.x`", () -> tables("a")
                .replace(out("blocked.x"), rows("id")));
    }

    @Test
    void aFailingComputationIsToldAndLeavesTheOldVersion() {
        tables("a").replace(out("raw.kept"), rows("id"));

        refused(ErrorKind.SCHEMA_MISMATCH, "The data does not match the job", () -> tables("b")
                .replace(out("raw.kept"), rows("id", "CAST(concat('x', id) AS INT) AS n")));

        assertThat(history("raw.kept").versions()).containsExactly(0L);
    }

    @AfterAll
    void theLakeListsItsTablesOnly() throws Exception {
        Files.createDirectories(Path.of(lake.root(), "_runs"));
        Files.createDirectories(Path.of(lake.root(), "raw", "no_table"));

        assertThat(lake.names()).contains(TableName.parse("raw.kept")).doesNotContain(TableName.parse("raw.no_table"));
        assertThat(lake.names()).isSorted();
    }

    private static void refused(ErrorKind kind, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(MillraceException.class, thrown -> assertThat(thrown.kind())
                        .isEqualTo(kind))
                .hasMessageContaining(words);
    }
}
