package dev.millrace.job.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.engine.dedup.DedupDeclaration;
import dev.millrace.engine.dedup.LatestPerKey;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DedupJobTest {
    private JobHarness harness;
    private SparkSession session;

    @BeforeAll
    void makeHome(SparkSession spark, @TempDir Path home) {
        session = spark;
        harness = new JobHarness(spark, home);
    }

    /** The rows of bad-files/40-keys-collide.csv, as ingest lands them. */
    private void writeCollisions(String table) {
        List<Row> rows = List.of(
                RowFactory.create("k1", "1", "10"),
                RowFactory.create("k1", "2", "11"),
                RowFactory.create("k1", "2", "12"),
                RowFactory.create("K1", "1", "5"),
                RowFactory.create("k1 ", "1", "6"),
                RowFactory.create("k2", null, "7"),
                RowFactory.create("k2", "3", "8"),
                RowFactory.create(null, "1", "9"),
                RowFactory.create("k3", "10", "1"),
                RowFactory.create("k3", "9", "2"));
        harness.write(
                table, session.createDataFrame(rows, StructType.fromDDL("id string, version string, amount string")));
    }

    private Map<String, String> amounts(String table) {
        Map<String, String> amounts = new TreeMap<>();
        for (Row row : harness.read(table)) amounts.put(String.valueOf(row.getString(0)), row.getString(2));
        return amounts;
    }

    @Test
    void theLatestRowOfEachKeyStaysAndTiesAreTold() {
        writeCollisions("raw.keys");

        DedupResult result = harness.run(
                new DedupJob(),
                """
                input: raw.keys
                output: clean.keys
                keys: id
                latest-by: [{column: version, as: number}]
                """);

        assertThat(amounts("clean.keys"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("k1", "12", "K1", "5", "k1 ", "6", "k2", "8", "k3", "1", "null", "9"));
        assertThat(result.read()).isEqualTo(10);
        assertThat(result.kept()).isEqualTo(6);
        assertThat(result.dropped()).isEqualTo(4);
        assertThat(result.ties()).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void keysMayBeTrimmedAndTheirCaseIgnored() {
        writeCollisions("raw.spelled");

        harness.run(
                new DedupJob(),
                """
                input: {table: raw.spelled, where: id IS NOT NULL}
                output: clean.spelled
                keys: [id]
                latest-by: [{column: version, as: number}]
                trim: true
                ignore-case: true
                """);

        assertThat(amounts("clean.spelled"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("k1", "12", "k2", "8", "k3", "1"));
    }

    private static List<Row> randomRows(Random random, int rows) {
        List<Row> made = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            Long version = random.nextInt(10) == 0 ? null : (Long) (long) random.nextInt(4);
            Double amount = random.nextInt(20) == 0 ? Double.NaN : (Double) (double) random.nextInt(5);
            made.add(RowFactory.create("k" + random.nextInt(50), (long) random.nextInt(3), version, amount));
        }
        return made;
    }

    /** Slow and obvious: sort each key's rows by everything, NULL last, and take the first. */
    private static Map<List<Object>, Row> oracle(List<Row> rows) {
        Comparator<Row> latest = Comparator.comparing(
                        (Row row) -> row.<Long>getAs(2), Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(row -> row.<Double>getAs(3));
        Map<List<Object>, Row> kept = new HashMap<>();
        for (Row row : rows) {
            kept.merge(List.of(row.get(0), row.get(1)), row, (a, b) -> latest.compare(a, b) >= 0 ? a : b);
        }
        return kept;
    }

    @Test
    void randomRowsGiveWhatTheOracleGivesHoweverTheyArePartitioned() {
        StructType schema = StructType.fromDDL("id string, part bigint, version bigint, amount double");
        DedupConfig config = new DedupConfig(
                dev.millrace.platform.table.TableRef.parse("raw.x"),
                dev.millrace.platform.table.OutputRef.parse("clean.x"),
                List.of("id", "part"),
                List.of(DedupDeclaration.Latest.parse("version")),
                false,
                false);
        List<Row> rows = randomRows(new Random(7), 2000);
        List<Row> expected = new ArrayList<>(oracle(rows).values());

        for (int partitions : new int[] {1, 5}) {
            Dataset<Row> latest =
                    LatestPerKey.of(session.createDataFrame(rows, schema).repartition(partitions), config);

            assertThat(latest.drop(LatestPerKey.TIED).collectAsList()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void oneShuffleIsEnoughAndItMovesTwoRowsPerKeyAndPartition() {
        DedupConfig config = new DedupConfig(
                dev.millrace.platform.table.TableRef.parse("raw.x"),
                dev.millrace.platform.table.OutputRef.parse("clean.x"),
                List.of("id"),
                List.of(DedupDeclaration.Latest.parse("version")),
                false,
                false);
        harness.write("raw.plan", session.range(100).selectExpr("id % 7 as id", "id as version"));

        String plan = LatestPerKey.of(harness.table("raw.plan"), config)
                .queryExecution()
                .sparkPlan()
                .toString();
        String physical = LatestPerKey.of(harness.table("raw.plan"), config)
                .queryExecution()
                .executedPlan()
                .toString();

        assertThat(plan).contains("WindowGroupLimit");
        assertThat(physical.split("Exchange hashpartitioning", -1)).hasSize(2);
    }

    @Test
    void anUnknownColumnIsNamedWithItsNearest() {
        writeCollisions("raw.named");

        assertThatThrownBy(() -> harness.run(
                        new DedupJob(), "input: raw.named\noutput: clean.named\nkeys: id\nlatest-by: versoin\n"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("`versoin` (did you mean `version`?)");
    }
}
