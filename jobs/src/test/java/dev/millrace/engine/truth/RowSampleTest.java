package dev.millrace.engine.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.platform.spark.SharedSpark;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedSpark.class)
class RowSampleTest {
    private static final String HASH = "hash";

    @Test
    void theRowsWithTheSmallestHashesAreTakenInAnyPartitioning(SparkSession spark) {
        Dataset<Row> rows =
                hashed(spark.range(0, 20_000, 1, 3).selectExpr("id", "id % 7 AS week", "'x' || id AS text"));
        List<Long> expected = rows.orderBy(HASH).limit(500).select("id").collectAsList().stream()
                .map(row -> row.getLong(0))
                .toList();

        List<Row> few = sample(rows, 20_000, 500);
        List<Row> many = sample(rows.repartition(12), 20_000, 500);

        assertThat(few.stream().map(row -> row.<Long>getAs("id"))).containsExactlyElementsOf(expected);
        assertThat(many).isEqualTo(few);
        assertThat(few.get(0).schema().fieldNames()).isEqualTo(rows.columns());
    }

    @Test
    void equalRowsCountAsOftenAsTheyOccur(SparkSession spark) {
        Dataset<Row> one = hashed(spark.range(5000).selectExpr("1 AS a", "CAST(NULL AS STRING) AS b"));
        Dataset<Row> ten = hashed(spark.range(5000).selectExpr("id % 10 AS a"));

        assertThat(sample(one, 5000, 300)).hasSize(300).containsOnly(one.head());
        assertThat(sample(ten, 5000, 700).stream()
                        .map(row -> row.<Long>getAs("a"))
                        .distinct())
                .hasSize(2);
        assertThat(sample(ten, 5000, 700)).hasSize(700);
        assertThat(sample(ten, 5000, 6000)).hasSize(5000);
        assertThat(sample(ten.limit(0), 0, 10)).isEmpty();
    }

    @Test
    void aCountThatIsTooHighOnlyCostsAnotherPass(SparkSession spark) {
        Dataset<Row> rows = hashed(spark.range(3000).toDF());

        assertThat(sample(rows, 3_000_000, 200)).isEqualTo(sample(rows, 3000, 200));
        assertThat(sample(rows, 3_000_000, 5000)).hasSize(3000);
    }

    @Test
    void rowsThatDifferInWhereTheirNullsStandHaveDifferentHashes(SparkSession spark) {
        Dataset<Row> rows = spark.range(2)
                .selectExpr("IF(id = 0, 5, NULL) AS a", "IF(id = 1, 5, NULL) AS b", "IF(id = 1, NULL, NULL) AS c");

        assertThat(hashed(rows).select(HASH).distinct().count()).isEqualTo(2);
        assertThat(rows.select(functions.xxhash64(functions.col("a"), functions.col("b")))
                        .distinct()
                        .count())
                .as("which xxhash64 alone does not tell apart")
                .isEqualTo(1);
    }

    /** D1: with {@code orderBy(hash).limit(k)} each of the 150 partitions sends all its rows. */
    @Test
    void aboutAsManyRowsAsWantedAreSentHoweverManyPartitionsThereAre(SparkSession spark) throws TimeoutException {
        Dataset<Row> unique = hashed(wide(spark, "id"));
        Dataset<Row> equal = hashed(wide(spark, "7"));

        long byLimit = sent(spark, () -> unique.orderBy(HASH).limit(100).collectAsList());
        long ofUnique = sent(spark, () -> sample(unique, 6000, 100));
        long ofEqual = sent(spark, () -> sample(equal, 6000, 100));

        assertThat(byLimit).isGreaterThan(6000 * 500);
        assertThat(ofUnique).isBetween(100L * 500, 400L * 1500);
        assertThat(ofEqual).isLessThan(40_000);
    }

    private static Dataset<Row> wide(SparkSession spark, String id) {
        String[] texts = LongStream.range(0, 16)
                .mapToObj(i -> "sha2(CAST(" + id + " * 16 + " + i + " AS STRING), 256) AS t" + i)
                .toArray(String[]::new);
        return spark.range(0, 6000, 1, 150).selectExpr(texts);
    }

    /** Bytes of the tasks' results that reached the driver. */
    private static long sent(SparkSession spark, Supplier<List<Row>> action) throws TimeoutException {
        AtomicLong bytes = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                if (end.taskType().equals("ResultTask"))
                    bytes.addAndGet(end.taskMetrics().resultSize());
            }
        };
        spark.sparkContext().addSparkListener(listener);
        try {
            assertThat(action.get()).hasSize(100);
            spark.sparkContext().listenerBus().waitUntilEmpty();
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
        return bytes.get();
    }

    private static Dataset<Row> hashed(Dataset<Row> rows) {
        return rows.withColumn(HASH, RowHash.of(rows.schema()));
    }

    private static List<Row> sample(Dataset<Row> rows, long count, int limit) {
        return RowSample.collect(rows, HASH, count, limit, UnaryOperator.identity());
    }
}
