package dev.millrace.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import dev.millrace.platform.table.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlQueryTest {
    private static final String EVERYTHING =
            """
            SELECT 1 AS whole, CAST(1.50 AS DECIMAL(9, 2)) AS money, double('NaN') AS nan, double('Infinity') AS inf,
                   'a "b", c' AS text, '' AS empty, CAST(NULL AS STRING) AS nothing,
                   TIMESTAMP '2026-01-31 12:00:00.5' AS at, DATE '2026-01-31' AS day, X'4142' AS bytes,
                   array(1, NULL) AS list, map('k', 2.5d) AS lookup, named_struct('x', true) AS pair, 2 AS whole
            """;

    private Lake lake;
    private SqlQuery query;

    @BeforeAll
    void write(SparkSession spark, @TempDir Path folder) {
        lake = new Lake(spark, folder + "/lake", Optional.empty());
        for (int version = 0; version < 2; version++) {
            spark.range(version * 100L, version * 100L + 100)
                    .write()
                    .format("delta")
                    .mode("append")
                    .save(lake.root() + "/raw/numbers");
        }
        query = new SqlQuery(lake);
    }

    private String run(String sql, SqlQuery.Format format) {
        StringBuilder out = new StringBuilder();
        query.run(sql, format, OptionalLong.empty(), out);
        return out.toString();
    }

    @Test
    void twoPartNamesAreTablesOfTheLakeAtAnyVersion() {
        assertThat(run("SELECT count(*) AS n FROM raw.numbers", SqlQuery.Format.CSV))
                .isEqualTo("n\r\n200\r\n");
        assertThat(run("SELECT count(*) AS n FROM raw.numbers VERSION AS OF 0", SqlQuery.Format.CSV))
                .isEqualTo("n\r\n100\r\n");
        assertThat(run(
                        "WITH few AS (SELECT id FROM RAW.Numbers WHERE id IN (SELECT max(id) FROM raw.numbers))"
                                + " SELECT n.id FROM raw.numbers n JOIN few USING (id)",
                        SqlQuery.Format.CSV))
                .isEqualTo("id\r\n199\r\n");
    }

    @Test
    void theLakeCanBeLookedAt() {
        assertThat(run("SHOW SCHEMAS", SqlQuery.Format.CSV)).contains("raw");
        assertThat(run("SHOW TABLES IN raw", SqlQuery.Format.CSV)).contains("raw,numbers");
        assertThat(run("DESCRIBE raw.numbers", SqlQuery.Format.CSV)).contains("id,bigint");
        assertThat(run("DESCRIBE HISTORY raw.numbers", SqlQuery.Format.CSV)).contains("WRITE");
        assertThat(run("EXPLAIN SELECT * FROM raw.numbers", SqlQuery.Format.TABLE))
                .contains("Physical Plan");
    }

    @Test
    void everyKindOfValueHasOneFormInJson() throws Exception {
        String json = run(EVERYTHING, SqlQuery.Format.JSON);

        assertThat(new ObjectMapper().readTree(json)).hasSize(1);
        assertThat(json)
                .contains(
                        "{\"whole\":1,\"money\":1.50,\"nan\":\"NaN\",\"inf\":\"Infinity\",\"text\":\"a \\\"b\\\", c\","
                                + "\"empty\":\"\",\"nothing\":null,\"at\":\"2026-01-31T12:00:00.500Z\",\"day\":\"2026-01-31\","
                                + "\"bytes\":\"QUI=\",\"list\":[1,null],\"lookup\":{\"k\":2.5},\"pair\":{\"x\":true},"
                                + "\"whole_2\":2}");
    }

    @Test
    void csvKeepsNullApartFromTheEmptyText() {
        assertThat(run(EVERYTHING, SqlQuery.Format.CSV))
                .isEqualTo("whole,money,nan,inf,text,empty,nothing,at,day,bytes,list,lookup,pair,whole\r\n"
                        + "1,1.50,NaN,Infinity,\"a \"\"b\"\", c\",\"\",,2026-01-31T12:00:00.500Z,2026-01-31,QUI=,"
                        + "\"[1,null]\",\"{\"\"k\"\":2.5}\",\"{\"\"x\"\":true}\",2\r\n");
    }

    @Test
    void theTextTableIsAsWideAsWhatIsSeen() {
        assertThat(run(
                        "SELECT * FROM VALUES ('東京', 1), ('cafe\\u0301', 22), ('a\\nb', NULL) AS t(city, n)",
                        SqlQuery.Format.TABLE))
                .isEqualTo(
                        """
                        city     n
                        ----  ----
                        東京     1
                        cafe\u0301    22
                        a\\nb  NULL

                        3 rows
                        """);
    }

    @Test
    void aTextTableStopsAtAHundredRowsAndSaysSo() {
        String text = run("SELECT id FROM raw.numbers", SqlQuery.Format.TABLE);

        assertThat(text.lines().count()).isEqualTo(104);
        assertThat(text)
                .endsWith("Only the first 100 rows are shown. Set `--limit N` for more, or `--format csv` for all.\n");
        assertThat(run("SELECT id FROM raw.numbers", SqlQuery.Format.CSV)
                        .lines()
                        .count())
                .isEqualTo(201);
    }

    @Test
    void aLimitHoldsForEveryFormat() {
        StringBuilder out = new StringBuilder();

        long rows = query.run("SELECT id FROM raw.numbers", SqlQuery.Format.JSON, OptionalLong.of(3), out);

        assertThat(rows).isEqualTo(3);
        assertThat(out.toString().lines().count()).isEqualTo(5);
    }

    @Test
    void noRowsAreAnEmptyResultWithItsHeader() {
        String none = "SELECT id FROM raw.numbers WHERE id < 0";

        assertThat(run(none, SqlQuery.Format.CSV)).isEqualTo("id\r\n");
        assertThat(run(none, SqlQuery.Format.JSON)).isEqualTo("[]\n");
        assertThat(run(none, SqlQuery.Format.TABLE)).endsWith("\n0 rows\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO raw.numbers VALUES (1)",
                "FROM raw.numbers INSERT INTO raw.numbers SELECT id",
                "WITH x AS (SELECT 1 AS id) INSERT INTO raw.numbers SELECT * FROM x",
                "DELETE FROM raw.numbers",
                "UPDATE raw.numbers SET id = 1",
                "DROP TABLE raw.numbers",
                "CREATE TABLE raw.other AS SELECT 1 AS id",
                "/* SELECT */ TRUNCATE TABLE raw.numbers",
                "OPTIMIZE raw.numbers",
                "SET spark.sql.ansi.enabled=false",
                "EXECUTE IMMEDIATE 'DROP TABLE raw.numbers'",
                "BEGIN SELECT 1; END",
                "",
            })
    void whatWritesIsRefusedAndLeavesTheLakeAsItWas(String sql) throws Exception {
        List<Path> before = files();

        assertThatThrownBy(() -> run(sql, SqlQuery.Format.CSV))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        refused -> assertThat(refused.kind().exitCode()).isEqualTo(2))
                .hasMessageContaining("only reads");
        assertThat(files()).isEqualTo(before);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(lake.root()))) {
            return all.sorted().toList();
        }
    }

    @Test
    void mistakesAreToldInWords() {
        assertThatThrownBy(() -> run("SELECT * FROM raw.nubmers", SqlQuery.Format.CSV))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.NOT_FOUND))
                .hasMessage(
                        "There is no table `raw.nubmers`. Did you mean `raw.numbers`? Existing tables: raw.numbers.");
        assertThatThrownBy(() -> run("SELECT ids FROM raw.numbers", SqlQuery.Format.CSV))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.USAGE))
                .hasMessageContaining("`ids`")
                .hasMessageContaining("`id`");
        assertThatThrownBy(() -> run("SELECT 1 +", SqlQuery.Format.CSV))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.USAGE))
                .hasMessageContaining("Invalid SQL");
        assertThatThrownBy(() -> run("SELECT * FROM raw.numbers VERSION AS OF 9", SqlQuery.Format.CSV))
                .isInstanceOf(MillraceException.class);
        assertThatThrownBy(() -> run("SELECT CAST('x' AS INT)", SqlQuery.Format.CSV))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.SCHEMA_MISMATCH));
    }
}
