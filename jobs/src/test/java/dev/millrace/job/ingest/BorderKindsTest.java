package dev.millrace.job.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Inputs of the kinds that the field cases stand for, made here, so that they are tried everywhere. */
class BorderKindsTest extends IngestTests {
    private static final long NOON = 1_704_110_400_000_000_000L;

    @SafeVarargs
    private void parquet(String file, List<Type> columns, Consumer<Group>... rows) throws IOException {
        MessageType schema = new MessageType("m", columns);
        Files.createDirectories(landing.resolve(file).getParent());
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(
                        new org.apache.hadoop.fs.Path(landing.resolve(file).toUri()))
                .withType(schema)
                .build()) {
            SimpleGroupFactory groups = new SimpleGroupFactory(schema);
            for (Consumer<Group> fill : rows) {
                Group row = groups.newGroup();
                fill.accept(row);
                writer.write(row);
            }
        }
    }

    private static Type column(PrimitiveTypeName type, LogicalTypeAnnotation annotation, String name) {
        return Types.optional(type).as(annotation).named(name);
    }

    private static Type id() {
        return Types.optional(PrimitiveTypeName.INT64).named("id");
    }

    private static Type nanos(boolean utc, String name) {
        return column(PrimitiveTypeName.INT64, LogicalTypeAnnotation.timestampType(utc, TimeUnit.NANOS), name);
    }

    private List<String> rows(String... columns) {
        return harness.table("raw." + table).selectExpr(columns).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    private List<String> quarantined(String... columns) {
        return harness.table("quarantine." + table).selectExpr(columns).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    private void assertRefused(ErrorKind kind, String options, String... parts) {
        assertThatThrownBy(() -> ingest(options)).isInstanceOfSatisfying(MillraceException.class, refused -> {
            assertThat(refused.kind()).isEqualTo(kind);
            assertThat(refused.getMessage()).contains(parts);
        });
        assertThat(harness.exists("raw." + table)).isFalse();
    }

    @Test
    void nanosecondsLandWhereTheyAreWholeMicrosecondsAndFollowTheRuleElsewhere() throws IOException {
        List<Type> columns = List.of(id(), nanos(true, "utc"), nanos(false, "local"));
        parquet(
                "a.parquet",
                columns,
                row -> row.append("id", 1L).append("utc", NOON + 1000).append("local", -1000L),
                row -> row.append("id", 2L).append("utc", NOON + 1).append("local", NOON));

        IngestResult result = ingest("time-zone: Europe/Berlin\n");

        assertThat(result.quarantined()).isEqualTo(1);
        assertThat(rows("id", "utc", "local"))
                .containsExactly("[1,2024-01-01T12:00:00.000001Z,1969-12-31T22:59:59.999999Z]");
        assertThat(quarantined("line", "rule", "column_name")).containsExactly("[2,finer-time,utc]");
        parquet("b.parquet", columns, row -> row.append("id", 3L)
                .append("utc", NOON + 1)
                .append("local", -1L));
        IngestResult cut = ingest("time-zone: Europe/Berlin\non-finer-time: truncate\n");
        assertThat(cut.timesTruncated()).isEqualTo(2);
        assertThat(rows("id", "utc", "local")).contains("[3,2024-01-01T12:00:00Z,1969-12-31T22:59:59.999999Z]");
    }

    @Test
    void nanosecondsOfInt96AreNotCutInSilence() throws IOException {
        List<Type> columns =
                List.of(id(), Types.optional(PrimitiveTypeName.INT96).named("t"));
        parquet("a.parquet", columns, row -> row.append("id", 1L).append("t", new NanoTime(2_460_311, 1001)));

        assertRefused(ErrorKind.INPUT_UNREADABLE, "", "a.parquet", "INT96", "(t)", "on-finer-time: truncate");
        IngestResult cut = ingest("on-finer-time: truncate\n");

        assertThat(cut.timesTruncated()).isEqualTo(1);
        assertThat(rows("t")).containsExactly("[2024-01-01T00:00:00.000001Z]");
    }

    @Test
    void typesThatCannotBeReadAreRefusedAllAtOnceOrLeftOut() throws IOException {
        parquet(
                "a.parquet",
                List.of(
                        id(),
                        column(PrimitiveTypeName.INT32, LogicalTypeAnnotation.timeType(false, TimeUnit.MILLIS), "ms"),
                        Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                                .length(2)
                                .as(LogicalTypeAnnotation.float16Type())
                                .named("half"),
                        Types.optional(PrimitiveTypeName.BINARY)
                                .as(LogicalTypeAnnotation.decimalType(0, 50))
                                .named("wide"),
                        Types.optionalGroup().addField(nanos(true, "at")).named("nested")),
                row -> row.append("id", 1L).append("half", Binary.fromConstantByteArray(new byte[2])));

        assertRefused(
                ErrorKind.SCHEMA_MISMATCH,
                "",
                "a.parquet",
                "`ms` is TIME(MILLIS,false)",
                "`half` is FLOAT16",
                "`wide` is DECIMAL(50,0)",
                "`nested` is nested TIMESTAMP(NANOS)",
                "on-new-column: ignore");
        ingest("schema: {id: long}\non-new-column: ignore\n");

        assertThat(ids()).containsExactly(1L);
    }

    @Test
    void aColumnWithoutValuesAcceptsThoseOfLaterFiles(SparkSession spark) throws IOException {
        parquet(
                "a.parquet",
                List.of(id(), column(PrimitiveTypeName.INT32, LogicalTypeAnnotation.unknownType(), "x")),
                row -> row.append("id", 1L));
        ingest("");
        parquet(
                "b.parquet",
                List.of(id(), Types.optional(PrimitiveTypeName.INT64).named("x")),
                row -> row.append("id", 2L).append("x", 9_007_199_254_740_993L));
        spark.range(3, 4)
                .selectExpr("id", "named_struct('a', 1.5D) as x")
                .coalesce(1)
                .write()
                .parquet(landing.resolve("c").toString());

        ingest("");

        assertThat(rows("id", "x")).containsExactly("[1,null]", "[2,9007199254740993]", "[3,{\"a\":1.5}]");
    }

    @Test
    void jsonWithoutValuesIsTextAndTakesWhatComes() throws IOException {
        land("a.jsonl", "{\"id\":1,\"a\":null,\"b\":[],\"c\":{},\"user\":{\"firstName\":null,\"userId\":7}}\n");
        ingest("");
        land(
                "b.jsonl",
                "{\"id\":2,\"a\":1.50,\"b\":[1,{}],\"c\":{\"k\":\"v\"},\"user\":{\"firstName\":\"Ann\",\"userId\":8}}\n");

        IngestResult second = ingest("");

        assertThat(second.quarantined()).isZero();
        assertThat(rows("id", "a", "b", "c", "user.firstName", "user.userId"))
                .containsExactly("[1,null,[],{},null,7]", "[2,1.50,[1,{}],{\"k\":\"v\"},Ann,8]");
        assertThat(harness.table("raw." + table)
                        .schema()
                        .apply("user")
                        .dataType()
                        .simpleString())
                .isEqualTo("struct<firstName:string,userId:bigint>");
    }

    @Test
    void foldersOfHiveGiveColumnsToEveryFormat(SparkSession spark) {
        spark.range(4)
                .selectExpr("id", "concat('0', id) as code", "if(id = 3, null, concat('a b=', id, '%')) as place")
                .coalesce(1)
                .write()
                .partitionBy("code", "place")
                .parquet(landing.resolve("data").toString());

        ingest("");

        assertThat(rows("id", "code", "place"))
                .containsExactly("[0,00,a b=0%]", "[1,01,a b=1%]", "[2,02,a b=2%]", "[3,03,null]");
    }

    @Test
    void anEmptyTextInAPartitionColumnIsNoNull() throws IOException {
        land("a.csv", "id,amount,place\n1,1,\n2,1,\"\"\n3,1,x\n");
        String options = "schema: {id: long, amount: double, place: string}\n";
        String output = "output: {table: raw." + table + ", partition-by: [place]}\n";

        harness.run(new IngestJob(), "path: \"" + landing + "\"\n" + output + options);

        assertThat(rows("id", "place")).containsExactly("[1,null]", "[3,x]");
        assertThat(quarantined("rule", "column_name")).containsExactly("[partition,place]");
        land("b.csv", "id,amount,place\n4,1,\"\"\n");
        // The table knows its partitions, whatever the job file says of them.
        ingest(options + "empty-partition-value: none\n");
        assertThat(rows("id", "place")).containsExactly("[1,null]", "[3,x]", "[4,none]");
    }

    @Test
    void aCastThatATypeCannotTakeIsRefusedBeforeAnythingIsRead(SparkSession spark) {
        spark.range(2)
                .selectExpr("cast(2000 + id as smallint) as year", "true as flag", "named_struct('b', 1, 'a', 2) as s")
                .coalesce(1)
                .write()
                .parquet(landing.resolve("data").toString());

        assertRefused(
                ErrorKind.CONFIG, "cast: {year: date}\nformats: {year: [yyyy]}\n", "`yyyy`", "does not contain a day");
        assertRefused(
                ErrorKind.SCHEMA_MISMATCH, "cast: {flag: date}\n", "`flag` is BOOLEAN, which cannot be cast to DATE");
        assertRefused(
                ErrorKind.SCHEMA_MISMATCH,
                "cast: {s: \"struct<a: int, b: int>\"}\n",
                "`s` is STRUCT<b: INT",
                "cannot be cast to");
        assertRefused(ErrorKind.INPUT_UNREADABLE, "cast: {year: date}\n", "`year` is not a valid date: \"2000\"");
    }

    @Test
    void aDeclaredCastLosesNoDigitWithoutAWord(SparkSession spark) {
        spark.sql("SELECT CAST(v AS DECIMAL(38, 2)) AS v, s, m FROM VALUES"
                        + " ('12345678901234567.00', '1.005', TIMESTAMP '2024-01-01 00:00:00'),"
                        + " ('12345678901234567.89', '1.01', TIMESTAMP '2024-01-01 00:00:00'),"
                        + " ('1.00', '1.01', TIMESTAMP '2024-01-01 10:00:00'),"
                        + " ('2.00', '1.50', TIMESTAMP '2024-01-01 00:00:00') AS t(v, s, m)")
                .coalesce(1)
                .write()
                .parquet(landing.resolve("data").toString());

        IngestResult result = ingest("cast: {v: long, s: \"decimal(10,2)\", m: date}\n");

        assertThat(result.landed()).isEqualTo(1);
        assertThat(rows("v", "s", "m")).containsExactly("[2,1.50,2024-01-01]");
        assertThat(quarantined("column_name")).containsExactly("[m]", "[s]", "[v]");
    }

    @Test
    @Tag("slow")
    void batchesAreBoundedAndEachIsACommitOfItsOwn() throws IOException {
        land("a.csv", "id,amount\n1,1\n");
        land("b.csv", "id,amount\n2,9007199254740993\n");
        land("c.csv", "id,amount\n3,0.5\n");

        IngestResult result = ingest("batch-files: 1\n");

        assertThat(result.batches()).isEqualTo(3);
        assertThat(result.commits()).hasSize(3);
        assertThat(log()).hasSize(3);
        // Types come from all files, also of later batches.
        assertThat(rows("id", "amount")).containsExactly("[1,1.0]", "[2,9007199254740993.0]", "[3,0.5]");
        assertThat(ingest("batch-files: 1\n").files()).isZero();
    }

    @Test
    void aRunThatStopsInALaterBatchGoesOnFromThere() throws IOException {
        land("a.csv", "id,amount\n1,1\n");
        land("b.csv", "wrong\n2\n");
        land("c.csv", "id,amount\n3,1\n");

        assertThatThrownBy(() -> ingest(SCHEMA + "batch-files: 1\n"))
                .hasMessageContaining("b.csv")
                .hasMessageContaining("1 batch of this run before it remain");
        assertThat(ids()).containsExactly(1L);
        land("b.csv", "id,amount\n2,1\n");
        IngestResult rest = ingest(SCHEMA + "batch-bytes: 1\n");

        assertThat(rest.batches()).isEqualTo(2);
        assertThat(ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    @Tag("slow")
    void aFileReadInPartsGivesWhatItGivesAsAWhole(SparkSession spark) throws IOException {
        String rows = IntStream.range(0, 60)
                .mapToObj(
                        i -> i % 7 == 0 ? "bad" + i + ",1\r\n" : i % 5 == 0 ? i + ",\"1\n5\"\n" : i + "," + i + ".5\n")
                .collect(Collectors.joining());
        land("a.csv", "id,note\n" + rows);
        String options = "schema: {id: long, note: string}\n";
        ingest(options);
        List<String> whole = rows("id", "note");
        List<String> wholeBad = quarantined("line", "reason", "record");
        String unsplit = table;

        String key = "spark.sql.files.maxPartitionBytes";
        String before = spark.conf().get(key);
        spark.conf().set(key, "50b");
        try {
            table = unsplit + "_split";
            ingest(options);
        } finally {
            spark.conf().set(key, before);
        }

        assertThat(whole).hasSize(51);
        assertThat(rows("id", "note")).isEqualTo(whole);
        assertThat(quarantined("line", "reason", "record")).isEqualTo(wholeBad);
        // One task writes one file.
        assertThat(harness.table("raw." + unsplit).inputFiles()).hasSize(1);
        assertThat(harness.table("raw." + table).inputFiles()).hasSize(2);
    }

    @Test
    void timestampsAreWrittenSoThatOtherReadersHoldThem() throws IOException {
        land("a.csv", "id,t\n1,0001-01-01 00:00:00\n2,9999-12-31 23:59:59.999999\n");

        ingest("");

        assertThat(rows("id", "t")).containsExactly("[1,0001-01-01T00:00:00Z]", "[2,9999-12-31T23:59:59.999999Z]");
        assertThat(harness.table("raw." + table).schema().apply("t").dataType()).isEqualTo(DataTypes.TimestampType);
    }

    @Test
    void numbersOfAnyExponentAreRefusedRatherThanExpanded() throws IOException {
        land("a.csv", "id,amount\n1,1e999999999\n2,1e-999999999\n3,1e99999999999\n4,1.50\n");

        IngestResult result = ingest("schema: {id: long, amount: \"decimal(10,2)\"}\n");

        assertThat(result.quarantined()).isEqualTo(3);
        assertThat(harness.read("raw." + table))
                .extracting(row -> row.<BigDecimal>getAs("amount"))
                .containsExactly(new BigDecimal("1.50"));
    }
}
