package dev.millrace.job.eda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.engine.eda.ProfileRows;
import dev.millrace.job.JobHarness;
import dev.millrace.platform.spark.SharedSpark;
import dev.millrace.platform.table.ProfileMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
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

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdaJobTest {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType)
            .add("amount", DataTypes.DoubleType)
            .add("double_amount", DataTypes.DoubleType)
            .add("country", DataTypes.StringType)
            .add("note", DataTypes.StringType)
            .add("same", DataTypes.IntegerType)
            .add("none", DataTypes.StringType)
            .add("flag", DataTypes.BooleanType)
            .add("list", DataTypes.createArrayType(DataTypes.IntegerType))
            .add("digits", DataTypes.StringType);

    private JobHarness harness;

    @BeforeAll
    void makeTable(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            Double amount = i % 10 == 0 ? null : i == 5 ? Double.NaN : i == 6 ? Double.POSITIVE_INFINITY : (double) i;
            rows.add(RowFactory.create(
                    (1L << 60) + i,
                    amount,
                    amount == null ? null : amount * 2,
                    i % 3 == 0 ? "DE" : i % 3 == 1 ? "FR" : null,
                    i % 100 == 0 ? "=HYPERLINK(\"http://x\")<script>alert(1)</script>" : "fine",
                    7,
                    null,
                    i % 2 == 0,
                    List.of(1),
                    String.valueOf(i % 60)));
        }
        harness.write("raw.odd", spark.createDataFrame(rows, SCHEMA));
    }

    private long profiles() {
        return harness.table("monitoring.profiles")
                .where("table_name = 'raw.odd'")
                .count();
    }

    private Row metric(String column, String slice) {
        return harness.read("monitoring.profile_metrics").stream()
                .filter(row -> row.getAs("table_name").equals("raw.odd"))
                .filter(row -> row.getAs("column_name").equals(column))
                .filter(row ->
                        slice == null ? row.getAs("slice_value") == null : slice.equals(row.getAs("slice_value")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oddColumnsAreDescribedAndShownWithoutTheirMarkup() throws IOException {
        EdaResult result = harness.run(new EdaJob(), "table: raw.odd\nslices: [country]\n");
        long rows = profiles();
        harness.run(new EdaJob(), "table: raw.odd\nslices: [country]\n");

        assertThat(profiles()).isEqualTo(rows).isEqualTo(4 * 11);
        assertThat(result.alerts())
                .contains(
                        "none: all_missing",
                        "same: constant",
                        "amount: nan",
                        "amount: infinite",
                        "amount: missing",
                        "country: high_missing",
                        "id: unique",
                        "digits: numbers_as_text",
                        "note: imbalance",
                        "double_amount: high_correlation")
                .doesNotContain("flag: imbalance", ":table: duplicates");
        Row amount = metric("amount", null);
        assertThat(amount.schema().fieldNames()).containsExactly(ProfileMetrics.SCHEMA.fieldNames());
        assertThat(amount.<Long>getAs("count")).isEqualTo(3000);
        assertThat(amount.<Long>getAs("num_nulls")).isEqualTo(300);
        assertThat(amount.<Long>getAs("num_nan")).isEqualTo(1);
        assertThat(amount.<Long>getAs("num_infinite")).isEqualTo(1);
        double mean = java.util.stream.IntStream.range(0, 3000)
                .filter(i -> i % 10 != 0 && i != 5 && i != 6)
                .average()
                .orElseThrow();
        assertThat(amount.<Double>getAs("avg")).isCloseTo(mean, within(1e-9));
        assertThat(amount.<Double>getAs("median")).isCloseTo(1500, within(10.0));
        assertThat(metric("id", null).<Long>getAs("distinct_count")).isBetween(2850L, 3000L);
        Row country = metric("country", null);
        assertThat(country.<Row>getList(country.fieldIndex("frequent_items")).stream()
                        .map(item -> item.getString(0) + " " + item.getLong(1)))
                .containsExactly("DE 1000", "FR 1000");
        assertThat(metric("amount", "FR").<Long>getAs("count")).isEqualTo(1000);
        assertThat(metric("amount", "(null)").<Long>getAs("count")).isEqualTo(1000);
        assertThat(metric(":table", null).<Object>getAs("non_null_columns")).isNotNull();
        String run = harness.tracking()
                .searchRuns("test", "tags.`millrace.job` = 'eda'", 1)
                .get(0)
                .id();
        String html = Files.readString(harness.tracking().artifacts(run).resolve("report/index.html"));
        assertThat(html)
                .contains("&lt;script&gt;", "prefers-color-scheme:dark", "<svg role=\"img\"", "Correlations")
                .doesNotContain("<script", "href=\"http", "src=");
    }

    @Test
    void orderFreePartsHaveTheSameBytesOnAnyPartitioning(SparkSession spark) {
        harness.write("raw.spread", harness.table("raw.odd").repartition(9));
        harness.run(new EdaJob(), "table: raw.odd\noutput: monitoring.one\nsample: 500\n");
        harness.run(new EdaJob(), "table: raw.spread\noutput: monitoring.two\nsample: 500\n");

        String[] same = Arrays.stream(ProfileRows.PROFILES.fieldNames())
                .filter(name -> !List.of(
                                "table_name",
                                "table_id",
                                "table_version",
                                "created_by_run",
                                "created_at",
                                "mean",
                                "m2",
                                "m3",
                                "m4",
                                "kll",
                                "hll",
                                "frequent")
                        .contains(name))
                .toArray(String[]::new);
        var one = harness.table("monitoring.one").selectExpr(same);
        var two = harness.table("monitoring.two").selectExpr(same);
        assertThat(one.count()).isEqualTo(11);
        assertThat(one.exceptAll(two).count()).isZero();
        assertThat(two.exceptAll(one).count()).isZero();
    }

    @Test
    void theTableIsReadOnce(SparkSession spark) {
        AtomicLong read = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                read.addAndGet(end.taskMetrics().inputMetrics().recordsRead());
            }
        };
        harness.write("raw.once", spark.range(20_000).toDF("id"));
        spark.sparkContext().addSparkListener(listener);
        try {
            harness.run(new EdaJob(), "table: raw.once\n");
            drain(spark);
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }

        assertThat(read.get()).isBetween(20_000L, 21_000L);
    }

    private static void drain(SparkSession spark) {
        // A job that ends after all others: its own end is the last event the listener sees.
        spark.range(1).count();
    }

    @Test
    void anEmptyTableHasAProfileToo(SparkSession spark) {
        harness.write("raw.nothing", harness.table("raw.odd").limit(0));

        EdaResult result = harness.run(new EdaJob(), "table: raw.nothing\n");

        assertThat(result.alerts()).containsExactly(":table: empty");
        assertThatThrownBy(() -> harness.run(new EdaJob(), "table: raw.odd\ncolumns: [amout]\n"))
                .hasMessageContaining("did you mean `amount`?");
    }
}
