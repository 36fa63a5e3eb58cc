package dev.millrace.job.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.JobFiles;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransformJobTest {
    private JobHarness harness;
    private SparkSession spark;

    @BeforeAll
    void write(SparkSession session, @TempDir Path folder) {
        spark = session;
        harness = new JobHarness(session, folder);
        harness.write("raw.orders", orders(0, 40));
        harness.write("ref.rates", spark.sql("SELECT * FROM VALUES ('EUR', 1.0D), ('USD', 0.9D) AS r(currency, rate)"));
        harness.write(
                "ref.customers", spark.sql("SELECT * FROM VALUES (1, ' de'), (2, 'fr ') AS c(customer_id, country)"));
    }

    private Dataset<Row> orders(long from, long until) {
        return spark.range(from, until)
                .selectExpr(
                        "id AS order_id",
                        "TIMESTAMP '2026-01-01' + make_dt_interval(CAST(id % 10 AS INT)) AS ordered_at",
                        "CAST(10 + id AS DECIMAL(10,2)) AS amount",
                        "IF(id % 2 = 0, 'EUR', 'USD') AS currency",
                        "CAST(1 + id % 3 AS INT) AS customer_id",
                        "IF(id % 5 = 4, 'cancelled', 'paid') AS status");
    }

    private TransformResult sql(String output, String sql) {
        return harness.run(
                new TransformJob(),
                "inputs: {orders: raw.orders, rates: ref.rates, customers: ref.customers}\noutput: %s\nsql: |\n%s"
                        .formatted(output, sql.indent(2)));
    }

    private String example(String orders, String output) {
        return JobFiles.section("transform/orders.yaml", "transform")
                .replace("raw.orders", orders)
                .replace("clean.orders", output);
    }

    private static void assertSame(Dataset<Row> one, Dataset<Row> other) {
        assertThat(one.exceptAll(other).takeAsList(3)).isEmpty();
        assertThat(other.exceptAll(one).takeAsList(3)).isEmpty();
    }

    private String millrace(String table, String column) {
        return harness.table(table).schema().apply(column).metadata().getString("millrace");
    }

    @Test
    void theExampleJoinsCleansAndSaysWhereItsColumnsComeFrom() {
        harness.run(new TransformJob(), example("raw.orders", "clean.example"));

        Dataset<Row> table = harness.table("clean.example");
        assertThat(table.count()).isEqualTo(32);
        Row second = table.where("order_id = 1").head();
        assertThat(second.getDecimal(2)).isEqualByComparingTo("9.90");
        assertThat(second.getString(3)).isEqualTo("FR");
        assertThat(table.where("country IS NULL").count()).isPositive();
        assertThat(millrace("clean.example", "amount_eur"))
                .startsWith("{\"from\":[\"raw.orders.amount\",\"ref.rates.rate\"],\"query\":\"");
        assertThat(millrace("clean.example", "country")).contains("[\"ref.customers.country\"]");
        assertThat(table.schema().apply("amount_eur").getComment().get())
                .isEqualTo("Value of the order in euro, at the rate of the reference table");
    }

    @Test
    void originsGoThroughUnionsSubqueriesWindowsAndPivots() {
        sql(
                "clean.origins",
                """
                WITH both AS (SELECT order_id, amount FROM orders UNION ALL SELECT customer_id, 0 FROM customers)
                SELECT order_id, sum(amount) AS total, (SELECT max(rate) FROM rates) AS top, 1 AS one,
                  row_number() OVER (ORDER BY order_id) AS place
                FROM both GROUP BY order_id
                """);
        sql(
                "clean.pivot",
                "SELECT * FROM (SELECT customer_id, currency, amount FROM orders)"
                        + " PIVOT (sum(amount) FOR currency IN ('EUR' AS eur, 'USD' AS usd))");

        assertThat(millrace("clean.origins", "order_id"))
                .contains("[\"raw.orders.order_id\",\"ref.customers.customer_id\"]");
        assertThat(millrace("clean.origins", "total")).contains("[\"raw.orders.amount\"]");
        assertThat(millrace("clean.origins", "top")).contains("[\"ref.rates.rate\"]");
        assertThat(millrace("clean.origins", "one")).contains("\"from\":[]");
        assertThat(millrace("clean.origins", "place")).contains("order_id");
        assertThat(millrace("clean.pivot", "usd")).contains("raw.orders.amount").contains("raw.orders.currency");
        assertThat(harness.table("clean.pivot").count()).isEqualTo(3);
    }

    @Test
    void expressionsAddColumns() {
        harness.run(
                new TransformJob(),
                """
                inputs: {orders: raw.orders}
                expressions: {gross: amount * 1.19, day: to_date(ordered_at)}
                output: clean.gross
                """);

        assertThat(harness.table("clean.gross").columns()).endsWith("status", "gross", "day");
        assertThat(millrace("clean.gross", "day")).contains("[\"raw.orders.ordered_at\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    SELECT rand() AS x FROM orders | rand()
                    SELECT order_id FROM orders WHERE ordered_at < current_timestamp() | current_timestamp()
                    SELECT uuid() AS x FROM orders | uuid()
                    SELECT now() AS x FROM orders | now()
                    SELECT current_date() AS x FROM orders | current_date()
                    SELECT monotonically_increasing_id() AS x FROM orders | monotonically_increasing_id()
                    SELECT customer_id, first(amount) AS x FROM orders GROUP BY customer_id | first()
                    SELECT collect_list(amount) AS x FROM orders | collect_list()
                    SELECT order_id FROM orders WHERE amount < (SELECT max(rate) * rand() FROM rates) | rand()
                    SELECT order_id FROM orders LIMIT 3 | without `ORDER BY`
                    SELECT order_id FROM orders TABLESAMPLE (10 PERCENT) | TABLESAMPLE
                    """)
    void whatGivesSomethingElseEachTimeIsRefusedByName(String sql, String named) {
        assertThatThrownBy(() -> sql("clean.none", sql))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.CONFIG))
                .hasMessageContaining("`transform.sql`: ")
                .hasMessageContaining(named);
        assertThat(harness.exists("clean.none")).isFalse();
    }

    @Test
    void ordersThatDecideAreAccepted() {
        sql(
                "clean.ordered",
                """
                SELECT customer_id, sort_array(collect_list(amount)) AS amounts FROM orders GROUP BY customer_id
                ORDER BY customer_id LIMIT 2
                """);

        assertThat(harness.table("clean.ordered").count()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    SELECT order_id,\\n amont\\nFROM orders | line 2: | amont
                    SELECT order_id\\nFORM orders\\nWHERE | line 2: | orders
                    SELECT *\\nFROM raw.orders | line 2: | raw
                    INSERT INTO orders SELECT * FROM orders | line 1: | INSERT
                    SELECT order_id, amount + status AS x,\\n 1 AS y FROM orders WHERE order_id | line | BOOLEAN
                    """)
    void wrongSqlIsReportedWithItsLine(String sql, String line, String word) {
        assertThatThrownBy(() -> sql("clean.none", sql.replace("\\n", "\n")))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.CONFIG))
                .hasMessageContaining("`transform.sql`")
                .hasMessageContaining(line)
                .hasMessageContaining(word);
    }

    @Test
    void aTableThatIsNoInputIsRefused() {
        String location = harness.folder().resolve("lake/raw/orders").toString();

        assertThatThrownBy(() -> sql("clean.none", "SELECT * FROM delta.`" + location + "`"))
                .hasMessageContaining("reads a table that is not in `inputs`");
    }

    @Test
    void aBrokenRuleKeepsTheTableAsItWas() {
        assertThatThrownBy(
                        () -> harness.run(
                                new TransformJob(),
                                """
                                inputs: {orders: raw.orders}
                                sql: SELECT order_id, nullif(status, 'paid') AS status FROM orders
                                output: clean.none
                                not-null: status
                                rules: [{name: small, where: order_id < 39}]
                                """))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.QUALITY_GATE))
                .hasMessageContaining("`status` is NULL in 32 rows; `small` does not hold in 1 rows");
        assertThat(harness.exists("clean.none")).isFalse();
    }

    @Test
    @Tag("slow")
    void appendedRowsAloneAreTransformedAndTheTableIsThatOfTheWhole() {
        harness.write("raw.feed", orders(0, 10));
        spark.sql("ALTER TABLE delta.`" + harness.folder().resolve("lake/raw/feed")
                + "` SET TBLPROPERTIES (delta.enableChangeDataFeed = true)");
        TransformResult first = harness.run(new TransformJob(), example("raw.feed", "clean.feed"));
        harness.append("raw.feed", orders(10, 30), 1);
        TransformResult second = harness.run(new TransformJob(), example("raw.feed", "clean.feed"));
        Dataset<Row> incremental = harness.table("clean.feed");
        harness.run(new TransformJob(), example("raw.feed", "clean.full"));

        assertThat(first.how()).isEqualTo("whole");
        assertThat(second.how()).isEqualTo("changes");
        assertThat(second.commit().rowsWritten()).isEqualTo(16);
        assertSame(incremental, harness.table("clean.full"));
        spark.sql("DELETE FROM delta.`" + harness.folder().resolve("lake/raw/feed") + "` WHERE order_id = 1");
        assertThat(harness.run(new TransformJob(), example("raw.feed", "clean.feed"))
                        .how())
                .isEqualTo("whole");
        assertThat(harness.table("clean.feed").where("order_id = 1").count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT customer_id, sum(amount) AS s FROM orders GROUP BY customer_id",
                "SELECT *, row_number() OVER (ORDER BY order_id) AS n FROM orders",
                "SELECT DISTINCT status FROM orders",
                "SELECT a.order_id FROM orders a JOIN orders b ON a.order_id = b.order_id",
                "SELECT c.customer_id, o.order_id FROM customers c LEFT JOIN orders o ON o.customer_id = c.customer_id",
                "SELECT order_id FROM orders UNION ALL SELECT customer_id FROM customers"
            })
    void changesNeedAQueryByRow(String sql) {
        String yaml = "inputs: {orders: raw.orders, customers: ref.customers}\nchanges-of: orders\noutput: clean.none\n"
                + "sql: \"" + sql + "\"\n";

        assertThatThrownBy(() -> harness.run(new TransformJob(), yaml))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.CONFIG))
                .hasMessageContaining(
                        "`changes-of: orders` requires a query that processes each row of `orders` independently");
    }

    @Test
    @Tag("slow")
    void daysMadeOneByOneAreTheWhole() {
        String yaml = example("raw.orders", "clean.days").replace("changes-of: orders\n", "");
        for (int day = 1; day <= 10; day += 3) {
            harness.run(
                    new TransformJob(),
                    yaml,
                    Optional.of(new Interval(
                            Instant.parse("2026-01-01T00:00:00Z").plusSeconds(86_400L * (day - 1)),
                            Instant.parse("2026-01-01T00:00:00Z").plusSeconds(86_400L * (day + 2)))));
        }
        harness.run(new TransformJob(), example("raw.orders", "clean.whole"));

        assertSame(harness.table("clean.days"), harness.table("clean.whole"));
    }
}
