package dev.millrace.job.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.job.JobHarness;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Inputs rebuilt from public bug reports of comparable tools, each against what its README says is right. */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FieldCasesTest {
    private final Path cases = Path.of(System.getenv().getOrDefault("MILLRACE_SHARED_DATA", "../../shared/data"))
            .resolveSibling("field-cases");
    private JobHarness harness;

    @BeforeAll
    void makeHome(SparkSession spark, @TempDir Path home) {
        harness = new JobHarness(spark, home);
    }

    private interface Expectation {
        void holds(FieldCasesTest test, String table);
    }

    private record Case(String folder, String options, Expectation expectation) {
        @Override
        public String toString() {
            return folder + (options.isEmpty() ? "" : " " + options.strip());
        }
    }

    private static Case of(String folder, String options, Expectation expectation) {
        return new Case(folder, options, expectation);
    }

    private static Stream<Case> landing() {
        return Stream.of(
                of("03-parquet-nanos", "on-finer-time: truncate\n", FieldCasesTest::timestampsLand),
                of("05-hive-partitions-csv", "", FieldCasesTest::pathColumnsLand),
                of(
                        "05-hive-partitions-csv",
                        "schema: {id: long, v: long, store: string, day: date}\n",
                        FieldCasesTest::pathColumnsLand),
                of("07-csv-long-decimals", "", (test, table) -> assertThat(test.sum(table, "amount"))
                        .isEqualByComparingTo("111111111011111110.10")),
                of("08-csv-bigint-mixed", "", (test, table) -> assertThat(test.values(table, "id"))
                        .containsExactlyInAnyOrder("9007199254740993.0", "9007199254740992.0", "0.5")),
                of("10-exponent-ids", "", FieldCasesTest::codesStayTexts),
                of("12-dst-gap", "time-zone: America/New_York\non-clock-change: later\n", (test, table) -> assertThat(
                                test.byId(table, "t"))
                        .containsExactly(
                                Instant.parse("2024-03-10T06:59:59Z"),
                                Instant.parse("2024-03-10T07:30:00Z"),
                                Instant.parse("2024-03-10T07:30:00Z"),
                                Instant.parse("2024-11-03T06:30:00Z"),
                                Instant.parse("2024-11-03T06:30:00Z"))),
                of("13-csv-nanos", "on-finer-time: truncate\n", (test, table) -> assertThat(test.byId(table, "t"))
                        .containsExactly(
                                Instant.parse("2024-01-01T00:00:00.123456Z"),
                                Instant.parse("2024-01-01T00:00:00.123456Z"),
                                Instant.parse("2024-01-01T00:00:00.123456Z"))),
                of("15-json-nothing", "", (test, table) -> assertThat(
                                test.harness.table("raw." + table).columns())
                        .contains("id", "a", "b", "c")),
                of("21-orc-old-dates", "", FieldCasesTest::oldDatesLand),
                of("33-year-9999", "", FieldCasesTest::farDatesLand),
                of(
                        "34-json-camel-case-struct",
                        "schema: {id: long, user: \"struct<userId: string, firstName: string>\"}\n",
                        FieldCasesTest::nestedNamesLand),
                of(
                        "34-json-camel-case-struct",
                        "schema: {id: long, user: \"struct<userId: string, firstName: string>\"}\non-new-column: ignore\n",
                        FieldCasesTest::nestedNamesLand));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("landing")
    void aCaseLandsAsItIs(Case found) {
        String table = "case_" + Integer.toUnsignedString(found.toString().hashCode());

        IngestResult result = ingest(found.folder(), table, found.options());

        assertThat(result.quarantined()).isZero();
        found.expectation().holds(this, table);
    }

    private IngestResult ingest(String folder, String table, String options) {
        Path input = cases.resolve(folder).resolve("in");
        assumeTrue(Files.exists(input), "The shared field cases are not at " + cases.toAbsolutePath());
        return harness.run(new IngestJob(), "path: \"" + input + "\"\noutput: raw." + table + "\n" + options);
    }

    private void timestampsLand(String table) {
        assertThat(byId(table, "t"))
                .containsExactly(Instant.parse("2024-01-01T00:00:00.123456Z"), Instant.parse("2024-01-01T00:00:01Z"));
    }

    private void pathColumnsLand(String table) {
        assertThat(harness.read("raw." + table))
                .extracting(row -> row.getAs("id") + " " + row.getAs("store") + " " + row.<LocalDate>getAs("day"))
                .containsExactlyInAnyOrder("1 007 2024-01-01", "2 007 2024-01-01", "3 010 2024-01-02");
    }

    private void codesStayTexts(String table) {
        assertThat(values(table, "code")).containsExactlyInAnyOrder("1E2", "100", "12E4");
        assertThat(values(table, "sha")).containsExactlyInAnyOrder("5e10", "1234e567", "77e1");
    }

    private void oldDatesLand(String table) {
        String day = Stream.of(harness.table("raw." + table).schema().fields())
                .filter(field -> field.dataType().typeName().equals("date"))
                .findFirst()
                .orElseThrow()
                .name();
        assertThat(values(table, day))
                .containsExactlyInAnyOrder("0001-01-01", "1500-01-01", "1582-10-04", "2024-01-01");
    }

    private void farDatesLand(String table) {
        assertThat(harness.read("raw." + table))
                .extracting(row -> row.getAs("valid_from") + " " + row.getAs("valid_to"))
                .containsExactlyInAnyOrder(
                        "2024-01-01T00:00:00Z 9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z 2024-02-01T00:00:00Z");
    }

    private void nestedNamesLand(String table) {
        List<Row> rows = harness.table("raw." + table)
                .selectExpr("id", "user.userId as userId", "user.firstName as firstName")
                .orderBy("id")
                .collectAsList();
        assertThat(rows).extracting(Row::toString).containsExactly("[1,u1,Ann]", "[2,u2,Bo]");
        assertThat(harness.table("raw." + table).schema().toDDL()).contains("userId", "firstName");
    }

    private BigDecimal sum(String table, String column) {
        return values(table, column).stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private List<String> values(String table, String column) {
        return harness.read("raw." + table).stream()
                .map(row -> String.valueOf(row.<Object>getAs(column)))
                .toList();
    }

    private List<Instant> byId(String table, String column) {
        return harness.table("raw." + table).orderBy("id").collectAsList().stream()
                .map(row -> row.<Instant>getAs(column))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aTypeThatCannotBeReadIsRefusedByFileColumnTypeAndRemedy(Case found) {
        String table = "refused_" + Integer.toUnsignedString(found.toString().hashCode());

        assertThatThrownBy(() -> ingest(found.folder(), table, ""))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        refused -> assertThat(refused.kind().exitCode()).isEqualTo(3))
                .hasMessageContaining("a.parquet")
                .hasMessageContaining(found.options());
        assertThat(harness.exists("raw." + table)).isFalse();
    }

    private static Stream<Case> refusals() {
        return Stream.of(of("25-time-type", "TIME", null), of("26-half-float", "FLOAT16", null));
    }

    @Test
    void timesThatDoNotExistOrExistTwiceAreQuarantinedUnlessDeclaredOtherwise() {
        IngestResult result = ingest("12-dst-gap", "gap", "time-zone: America/New_York\n");

        assertThat(result.landed()).isEqualTo(3);
        assertThat(harness.read("quarantine.gap"))
                .extracting(row -> row.getAs("line") + " " + row.getAs("rule") + " " + row.getAs("column_name"))
                .containsExactlyInAnyOrder("3 clock-change t", "5 clock-change t");
        assertThatThrownBy(() ->
                        ingest("12-dst-gap", "gap_error", "time-zone: America/New_York\non-clock-change: error\n"))
                .isInstanceOfSatisfying(MillraceException.class, stopped -> assertThat(stopped.kind())
                        .isEqualTo(ErrorKind.INPUT_UNREADABLE));
    }

    @Test
    void parquetTimesWithoutZoneFollowTheSameRule() {
        IngestResult result = ingest("20-ntz-parquet-tz", "ntz", "time-zone: Europe/Berlin\n");

        assertThat(result.quarantined()).isEqualTo(1);
        assertThat(byId("ntz", "t"))
                .containsExactly(Instant.parse("2024-07-01T10:00:00Z"), Instant.parse("2024-01-01T11:00:00Z"));
        IngestResult moved =
                ingest("20-ntz-parquet-tz", "ntz2", "time-zone: Europe/Berlin\non-clock-change: earlier\n");
        assertThat(moved.timesResolved()).isEqualTo(1);
        assertThat(byId("ntz2", "t")).contains(Instant.parse("2024-03-31T00:30:00Z"));
    }
}
