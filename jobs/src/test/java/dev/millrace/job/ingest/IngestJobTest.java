package dev.millrace.job.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
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
import org.junit.jupiter.api.Test;

class IngestJobTest extends IngestTests {
    @Test
    void typesAreInferredFromAllValues() throws IOException {
        String rows = IntStream.rangeClosed(1, 500)
                .mapToObj(i -> i + ",1," + (i == 500 ? "late" : i) + ",2024-01-02,2024-01-02T03:04:05Z,007,true,\n")
                .collect(Collectors.joining());
        land("a.csv", "id,amount,code,day,at,zip,flag,nothing\n" + rows);
        land("b.csv", "id,amount,code,day,at,zip,flag,nothing\n501,2.5,x,2024-01-03,2024-01-04,1,false,\n");

        ingest("");

        Map<String, String> types = Stream.of(
                        harness.table("raw." + table).schema().fields())
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

        assertThat(harness.table("raw." + table).schema().toDDL())
                .startsWith("amount DOUBLE,geo STRUCT<lat: DOUBLE, lon: BIGINT>,id BIGINT,tags ARRAY<STRING>");
        assertThat(harness.table("raw." + table)
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

        assertThat(harness.table("raw." + table).columns()).startsWith("id", "amount_eur");
    }

    @Test
    void columnsMayComeInAnotherOrderAndNewOnesAreAddedOnRequest() throws IOException {
        land("a.csv", "id,amount\n1,5\n");
        ingest("");
        land("b.csv", "note,amount,id\nhello,6,2\n");

        assertThatThrownBy(() -> ingest("")).hasMessageContaining("`note`, not in the schema");
        ingest("on-new-column: add\non-missing-column: fill\n");

        Row second = harness.table("raw." + table)
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
                .containsExactly("2 `text` is not a valid int: \"two\" {\"id\":1,\"text\":\"two\",\"half\":1.5}");
    }

    @Test
    void aClusteredTableIsMadeOnItsFirstBatch() throws IOException {
        land("a.csv", "id,amount\n1,5.5\n");

        harness.run(
                new IngestJob(),
                "path: \"" + landing + "\"\noutput: {table: raw." + table + ", cluster-by: [id]}\n" + SCHEMA);

        assertThat(ids()).containsExactly(1L);
    }
}
