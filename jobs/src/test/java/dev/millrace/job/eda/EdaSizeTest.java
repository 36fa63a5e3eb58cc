package dev.millrace.job.eda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.engine.scan.Profiler;
import dev.millrace.engine.scan.TableProfile;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.spark.SharedSpark;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Many partitions, many columns, long texts, large numbers. */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdaSizeTest {
    private JobHarness harness;

    @BeforeAll
    void open(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
    }

    private static List<Row> numbers() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            rows.add(RowFactory.create(
                    (1L << 53) + i % 20,
                    new BigDecimal(BigInteger.TEN.pow(37).add(BigInteger.valueOf(i % 1000))),
                    BigDecimal.valueOf(i % 700, 2),
                    1e15 + i % 3,
                    i % 7 == 0 ? (Double) Double.POSITIVE_INFINITY : i % 7 == 1 ? null : Double.valueOf(1 + i % 4),
                    "c" + i % 5));
        }
        return rows;
    }

    private static final StructType NUMBERS = new StructType()
            .add("whole", DataTypes.LongType)
            .add("key", DataTypes.createDecimalType(38, 0))
            .add("price", DataTypes.createDecimalType(12, 2))
            .add("offset", DataTypes.DoubleType)
            .add("inf", DataTypes.DoubleType)
            .add("text", DataTypes.StringType);

    private Row metric(String table, String column) {
        return harness.table(table)
                .where("column_name = '" + column + "'")
                .collectAsList()
                .get(0);
    }

    @Test // field case 40
    void wholeNumbersAndDecimalsAreProfiledToTheirLastDigit(SparkSession spark) {
        harness.write("raw.numbers", spark.createDataFrame(numbers(), NUMBERS).repartition(3));

        EdaResult result =
                harness.run(new EdaJob(), "table: raw.numbers\nmetrics: monitoring.numbers\noutput: monitoring.n1\n");

        Row whole = metric("monitoring.numbers", "whole");
        assertThat(whole.<Long>getAs("distinct_count")).isEqualTo(20);
        assertThat(whole.<String>getAs("exact_min")).isEqualTo("9007199254740992");
        assertThat(whole.<String>getAs("exact_max")).isEqualTo("9007199254741011");
        assertThat(whole.<Double>getAs("stddev")).isCloseTo(5.767002, within(1e-6)); // numpy.std(i % 20, ddof=1)
        Row key = metric("monitoring.numbers", "key");
        assertThat(key.<Long>getAs("distinct_count")).isBetween(950L, 1050L);
        assertThat(key.<String>getAs("exact_max")).isEqualTo("10000000000000000000000000000000000999");
        assertThat(key.<Double>getAs("avg")).isEqualTo(1e37);
        assertThat(key.<Double>getAs("stddev")).isCloseTo(288.711081, within(1e-6)); // numpy.std(i % 1000, ddof=1)
        Row price = metric("monitoring.numbers", "price");
        assertThat(price.<String>getAs("exact_max")).isEqualTo("6.99");
        assertThat(price.<Double>getAs("max")).isEqualTo(6.99);
        assertThat(price.<Double>getAs("avg"))
                .isEqualTo(numbers().stream()
                        .map(row -> row.getDecimal(2))
                        .reduce(BigDecimal.ZERO, BigDecimal::add)
                        .divide(BigDecimal.valueOf(4000))
                        .doubleValue());
        Row offset = metric("monitoring.numbers", "offset");
        assertThat(offset.<Double>getAs("stddev")).isCloseTo(0.8166496596868613, within(1e-12)); // numpy
        assertThat(metric("monitoring.numbers", "inf").<Double>getAs("avg")).isCloseTo(2.5, within(0.01));
        assertThat(metric("monitoring.numbers", "inf").<Long>getAs("num_infinite"))
                .isEqualTo(572);
        assertThat(result.alerts()).contains("inf: infinite");
    }

    @Test
    void decimalsThatDoublesCannotTellApartAreNoDuplicates(SparkSession spark) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            rows.add(RowFactory.create(new BigDecimal(BigInteger.TEN.pow(37).add(BigInteger.valueOf(i)))));
        }
        StructType schema = new StructType().add("key", DataTypes.createDecimalType(38, 0));
        harness.write("raw.keys", spark.createDataFrame(rows, schema));

        EdaResult result =
                harness.run(new EdaJob(), "table: raw.keys\nmetrics: monitoring.keys\noutput: monitoring.k1\n");

        assertThat(metric("monitoring.keys", "key").<Long>getAs("distinct_count"))
                .isBetween(1900L, 2000L);
        assertThat(result.alerts()).contains("key: unique").doesNotContain(":table: duplicates");
    }

    /** Bytes that tasks of result stages send to the driver. */
    private static long sentToTheDriver(SparkSession spark, Runnable action) {
        AtomicLong sent = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                if (end.taskType().equals("ResultTask"))
                    sent.addAndGet(end.taskMetrics().resultSize());
            }
        };
        spark.sparkContext().addSparkListener(listener);
        try {
            action.run();
            spark.range(1).count(); // a job that ends after all others
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
        return sent.get();
    }

    private static TableProfile profiled(Dataset<Row> rows) {
        return new Profiler(List.of("text"), 100, 42, true).of(rows, Arrays.asList(rows.columns()));
    }

    @Test
    void twoThousandPartitionsGiveTheNumbersOfTwoAndTheDriverGetsNoMore(SparkSession spark) {
        Dataset<Row> table = spark.createDataFrame(numbers(), NUMBERS);
        List<TableProfile> profiles = new ArrayList<>();

        long ofTwo = sentToTheDriver(spark, () -> profiles.add(profiled(table.repartition(2))));
        long ofMany = sentToTheDriver(spark, () -> profiles.add(profiled(table.repartition(2000))));

        try (TableProfile two = profiles.get(0);
                TableProfile many = profiles.get(1)) {
            for (int i = 0; i < 6; i++) {
                assertThat(many.facts().get(i))
                        .usingRecursiveComparison()
                        .ignoringFields("quantiles", "rankError", "skewness", "kurtosis")
                        .withEqualsForType(Double::equals, Double.class) // NaN equals NaN
                        .isEqualTo(two.facts().get(i));
                assertThat(many.facts().get(i).skewness())
                        .isCloseTo(two.facts().get(i).skewness(), within(1e-9));
            }
            assertThat(many.slices()).isEqualTo(two.slices());
            assertThat(many.sampleHashes(Optional.empty())).isEqualTo(two.sampleHashes(Optional.empty()));
        }
        assertThat(ofMany).isLessThan(2 * ofTwo);
    }

    @Test
    void fiveThousandColumnsFitIntoASmallDriver(SparkSession spark) {
        StructType schema = new StructType();
        for (int i = 0; i < 5000; i++) {
            schema = schema.add("c" + i, i % 50 == 0 ? DataTypes.StringType : DataTypes.DoubleType);
        }
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < 40; row++) {
            Object[] values = new Object[5000];
            for (int i = 0; i < values.length; i++) {
                if (i % 50 == 0) values[i] = "text " + row * i;
                else values[i] = row * 0.5 + i;
            }
            rows.add(RowFactory.create(values));
        }
        Dataset<Row> wide = spark.createDataFrame(rows, schema);
        List<TableProfile> profiles = new ArrayList<>();

        long sent = sentToTheDriver(
                spark,
                () -> profiles.add(new Profiler(List.of(), 16384, 42, true).of(wide, Arrays.asList(wide.columns()))));

        try (TableProfile profile = profiles.get(0)) {
            assertThat(profile.facts()).hasSize(5000).allSatisfy(column -> assertThat(column.rows())
                    .isEqualTo(40));
            assertThat(profile.facts().get(7).mean()).isEqualTo(39 / 4.0 + 7);
        }
        assertThat(sent).isLessThan(32 << 20);
    }

    @Test
    void longTextsAreCountedUnderTheirBeginningAndReported(SparkSession spark) {
        Dataset<Row> documents = spark.range(0, 300, 1, 2)
                .selectExpr("id % 3 AS id", "concat(repeat('x', 60000 + int(id % 3)), id % 100) AS document");
        harness.write("raw.documents", documents);

        EdaResult result =
                harness.run(new EdaJob(), "table: raw.documents\noutput: monitoring.d1\nmetrics: monitoring.d2\n");

        assertThat(result.alerts()).contains("document: long_text");
        Row document = metric("monitoring.d2", "document");
        assertThat(document.<Long>getAs("distinct_count")).isBetween(290L, 300L);
        Row item = document.<Row>getList(document.fieldIndex("frequent_items")).get(0);
        assertThat(item.getString(0)).isEqualTo("x".repeat(128) + "…");
        assertThat(item.getLong(1)).isEqualTo(300);
        Row profile = harness.table("monitoring.d1")
                .where("column_name = 'document'")
                .collectAsList()
                .get(0);
        assertThat(profile.<Long>getAs("num_cut")).isEqualTo(300);
        assertThat(profile.<byte[]>getAs("bottom_k").length).isLessThanOrEqualTo(8 << 20);
    }
}
