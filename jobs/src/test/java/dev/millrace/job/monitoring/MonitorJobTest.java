package dev.millrace.job.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.engine.model.ProfileJson;
import dev.millrace.engine.model.TrainingProfile;
import dev.millrace.engine.monitor.DriftTable;
import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.job.JobHarness;
import dev.millrace.job.registration.PromoteJob;
import dev.millrace.job.registration.RegisterJob;
import dev.millrace.job.scoring.ScoreJob;
import dev.millrace.job.training.Rows;
import dev.millrace.job.training.TrainJob;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitorJobTest {
    private static final Instant SHIFT = Instant.parse("2026-01-06T00:00:00Z");
    private static final String MONITOR =
            """
            model: models:/people@champion
            inputs: raw.people
            predictions: predictions.people
            time-column: at
            granularity: 1d
            slices: [split]
            thresholds: {min-rows: 100, ks: 0.1}
            labels: {table: raw.people, keys: [id], column: income}
            """;

    private JobHarness harness;
    private Path model;

    /** 240 rows a day; from the sixth of January on, amounts are doubled and red is gone. */
    @BeforeAll
    void trainScoreAndShift(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        var shifted = functions.col("at").geq(functions.lit(SHIFT));
        harness.write(
                "raw.people",
                Rows.of(spark, 2000, 7)
                        .withColumn(
                                "amount",
                                functions
                                        .when(shifted, functions.col("amount").multiply(2))
                                        .otherwise(functions.col("amount")))
                        .withColumn(
                                "colour",
                                functions
                                        .when(shifted.and(functions.expr("colour = 'red'")), "violet")
                                        .otherwise(functions.col("colour"))));
        var trained = harness.run(
                new TrainJob(),
                """
                table: {table: raw.people, where: "at < '2026-01-06'"}
                label: income
                positive-class: ">50K"
                features: {numeric: [amount, count], categorical: [colour]}
                algorithm: random-forest
                params: {num-trees: 4, max-depth: 4}
                split: {by: column}
                slices: [split]
                """);
        model = harness.tracking().artifacts(trained.runId()).resolve("model");
        harness.run(new RegisterJob(), "model: people\n");
        harness.run(new PromoteJob(), "model: people\n");
        harness.run(
                new ScoreJob(),
                """
                model: models:/people@champion
                input: raw.people
                output: predictions.people
                keys: [id]
                time-column: at
                keep: [split]
                """);
    }

    @Test
    void theModelKeepsAProfileOfItsTrainingRows() throws IOException {
        TrainingProfile profile = ProfileJson.read(Files.readString(model.resolve(TrainingProfile.JSON)));

        assertThat(profile.columns().stream().map(TrainingProfile.Column::name))
                .containsExactly("amount", "count", "colour", "prediction", "probability", "income");
        TrainingProfile.Column amount = profile.column("amount").orElseThrow();
        List<Row> expected = harness.read("raw.people").stream()
                .filter(row -> row.<Instant>getAs("at").isBefore(SHIFT))
                .filter(row -> row.getAs("split").equals("train") && row.getAs("income") != null)
                .toList();
        assertThat(profile.rows()).isEqualTo(expected.size());
        ColumnBins bins = amount.bins();
        long[] counts = new long[bins.cells()];
        for (Row row : expected) {
            Double value = row.getAs("amount");
            int cell = bins.nullCell();
            if (value != null)
                cell = (int) bins.edges().stream().filter(edge -> edge <= value).count();
            counts[cell]++;
        }
        assertThat(amount.counted().cells().stream().mapToLong(Long::longValue).toArray())
                .isEqualTo(counts);
        assertThat(bins.edges().size()).isBetween(100, 257);
        assertThat(Files.readString(model.resolve("SHA256SUMS")))
                .contains("training_profile.json")
                .contains("training_profile.parquet");
        assertThat(ProfileJson.read(ProfileJson.write(profile))).isEqualTo(profile);
    }

    @Test
    void shiftedColumnsDriftAndTheOthersDoNot() throws IOException {
        MonitorResult result = harness.run(new MonitorJob(), MONITOR + "baseline: both\n");

        List<Row> rows = harness.read("monitoring.drift_metrics");
        assertThat(result.drifted()).contains("amount", "colour").doesNotContain("count");
        assertThat(rows.get(0).schema().fieldNames()).containsExactly(DriftTable.SCHEMA.fieldNames());
        assertThat(of(rows, "amount", "BASELINE")).hasSize(9).allSatisfy(row -> {
            Instant start = row.<Row>getAs("window").getAs("start");
            assertThat(row.<String>getAs("verdict")).isIn(start.isBefore(SHIFT) ? "ok" : "drift", "not_enough_data");
        });
        assertThat(of(rows, "amount", "CONSECUTIVE"))
                .hasSize(8)
                .filteredOn(
                        row -> row.<Row>getAs("window").<Instant>getAs("start").equals(SHIFT))
                .allSatisfy(row -> assertThat(row.<String>getAs("verdict")).isEqualTo("drift"));
        assertThat(rows)
                .anySatisfy(row -> assertThat(row.<String>getAs("slice_value")).isEqualTo("train"));
        theServerGetsTheSameRowsAndPeopleAReport();
        qualityIsKnownWhereLabelsAre();
        anIntervalIsReplacedAloneAndMayFailTheJob(rows.size());
    }

    private static List<Row> of(List<Row> rows, String column, String type) {
        return rows.stream()
                .filter(row -> row.getAs("column_name").equals(column) && row.getAs("slice_key") == null)
                .filter(row -> row.getAs("drift_type").equals(type))
                .toList();
    }

    private void theServerGetsTheSameRowsAndPeopleAReport() throws IOException {
        String run = harness.tracking()
                .searchRuns("test", "tags.`millrace.job` = 'monitor'", 1)
                .get(0)
                .id();
        Path artifacts = harness.tracking().artifacts(run);
        JsonNode body = new ObjectMapper()
                .readTree(Files.readString(artifacts.resolve("drift/people-1-" + SHIFT.toEpochMilli() + ".json")));
        assertThat(body.path("granularity").asText()).isEqualTo("1 day");
        JsonNode row = body.path("rows").get(0);
        assertThat(row.path("window").path("start").asLong()).isEqualTo(SHIFT.toEpochMilli());
        String[] columns = DriftTable.SCHEMA.fieldNames();
        assertThat(row.fieldNames()).toIterable().containsExactly(Arrays.copyOf(columns, columns.length - 1));
        assertThat(Files.readString(artifacts.resolve("report/index.html")))
                .contains("Quality, with the labels known now")
                .contains("<svg role=\"img\"");
    }

    private void qualityIsKnownWhereLabelsAre() {
        List<Row> quality = harness.table("monitoring.profile_metrics")
                .where("quality IS NOT NULL")
                .collectAsList();
        assertThat(quality).hasSize(9);
        assertThat(quality.get(0).<String, Double>getJavaMap(quality.get(0).fieldIndex("quality")))
                .containsKeys("auc", "auc_low", "average_precision", "labelled_rows");
    }

    private void anIntervalIsReplacedAloneAndMayFailTheJob(int before) {
        Interval day = new Interval(SHIFT, SHIFT.plusSeconds(86_400));

        assertThatThrownBy(() -> harness.run(
                        new MonitorJob(), MONITOR + "baseline: both\nfail-on-drift: true\n", Optional.of(day)))
                .isInstanceOfSatisfying(MillraceException.class, failed -> assertThat(failed.kind())
                        .isEqualTo(ErrorKind.QUALITY_GATE))
                .hasMessageContaining("drift in amount, colour");

        assertThat(harness.read("monitoring.drift_metrics")).hasSize(before);
    }

    @Test
    @Tag("slow")
    void anyPartitioningGivesTheSameNumbers() {
        harness.write("raw.again", harness.table("raw.people").repartition(7));
        String yaml = MONITOR.replace("predictions: predictions.people\n", "").replaceAll("labels:.*\n", "")
                + "output: monitoring.%s\n";

        harness.run(new MonitorJob(), yaml.formatted("one"));
        harness.run(new MonitorJob(), yaml.formatted("two").replace("inputs: raw.people", "inputs: raw.again"));

        List<String> same = List.of(DriftTable.SCHEMA.fieldNames()).stream()
                .filter(name -> !List.of("table_name", "table_id", "table_version", "run_id")
                        .contains(name))
                .toList();
        var one = harness.table("monitoring.one").selectExpr(same.toArray(String[]::new));
        var two = harness.table("monitoring.two").selectExpr(same.toArray(String[]::new));
        assertThat(one.count()).isPositive();
        assertThat(one.exceptAll(two).count()).isZero();
        assertThat(two.exceptAll(one).count()).isZero();
    }

    @Test
    @Tag("slow")
    void aRunReplacesOnlyTheColumnsSlicesAndReferencesThatItComputes() {
        String yaml = MONITOR + "output: monitoring.own\nprofiles: monitoring.own_profiles\n";
        harness.run(new MonitorJob(), yaml + "baseline: both\n");
        List<Row> drift = harness.read("monitoring.own");
        List<Row> profiles = harness.read("monitoring.own_profiles");

        harness.run(new MonitorJob(), yaml + "columns: [amount]\n");
        harness.run(new MonitorJob(), yaml.replace("slices: [split]\n", "") + "columns: [count, probability]\n");

        List<Row> after = harness.read("monitoring.own");
        assertThat(owners(after)).containsExactlyInAnyOrderElementsOf(owners(drift));
        assertThat(owners(harness.read("monitoring.own_profiles")))
                .containsExactlyInAnyOrderElementsOf(owners(profiles));
        assertThat(runs(after, "colour", "BASELINE")).isEqualTo(runs(drift, "colour", "BASELINE"));
        assertThat(runs(after, "amount", "CONSECUTIVE")).isEqualTo(runs(drift, "amount", "CONSECUTIVE"));
        assertThat(runs(after, "amount", "BASELINE")).doesNotContainAnyElementsOf(runs(drift, "amount", "BASELINE"));
        assertThat(runs(after, "count", "BASELINE")).hasSize(2); // that of the slices stayed
    }

    /** What a row is about. */
    private static List<String> owners(List<Row> rows) {
        return rows.stream()
                .map(row -> String.join(
                        " ",
                        String.valueOf(row.<Object>getAs("window")),
                        row.getAs("column_name"),
                        String.valueOf(row.<String>getAs("slice_value")),
                        row.getAs("table_name"),
                        row.schema().getFieldIndex("drift_type").isDefined() ? row.getAs("drift_type") : ""))
                .toList();
    }

    private static Set<String> runs(List<Row> rows, String column, String type) {
        return rows.stream()
                .filter(row -> row.getAs("column_name").equals(column))
                .filter(row -> row.getAs("drift_type").equals(type))
                .map(row -> row.<String>getAs("run_id"))
                .collect(Collectors.toSet());
    }

    @Test
    @Tag("slow")
    void aFloatThatBecameDoubleIsAChangeOfTypeAndNoDrift(SparkSession spark) {
        Dataset<Row> people =
                Rows.of(spark, 2000, 7).withColumn("amount", functions.expr("CAST(round(amount, 1) AS FLOAT)"));
        harness.write("raw.floats", people);
        harness.write(
                "raw.doubles", people.withColumn("amount", functions.expr("CAST(CAST(amount AS STRING) AS DOUBLE)")));
        String run = harness.run(
                        new TrainJob(),
                        """
                        table: raw.floats
                        label: income
                        positive-class: ">50K"
                        features: {numeric: [amount]}
                        algorithm: logistic-regression
                        split: {by: column}
                        """)
                .runId();

        harness.run(
                new MonitorJob(),
                """
                model: %s
                inputs: raw.doubles
                time-column: at
                granularity: 30d
                output: monitoring.types
                profiles: monitoring.types_profiles
                """
                        .formatted(harness.tracking().artifacts(run).resolve("model")));

        List<Row> amount = of(harness.read("monitoring.types"), "amount", "BASELINE");
        assertThat(amount).isNotEmpty().allSatisfy(row -> {
            assertThat(row.<String>getAs("type_change")).isEqualTo("float → double");
            assertThat(row.<Row>getAs("ks_test").getDouble(0)).isLessThan(0.1);
            assertThat(row.<String>getAs("verdict")).isNotEqualTo("drift");
        });
    }

    @Test
    void whatCannotBeMonitoredIsToldInWords() {
        assertThatThrownBy(() -> harness.run(new MonitorJob(), MONITOR + "columns: [amout]\n"))
                .hasMessageContaining("Did you mean `amount`?");
        assertThatThrownBy(() -> harness.run(new MonitorJob(), "model: models:/people@champion\n"))
                .hasMessageContaining("has neither `inputs` nor `predictions`");
        assertThatThrownBy(() -> harness.run(
                        new MonitorJob(),
                        MONITOR.replace("raw.people\npredictions", "predictions.people\npredictions")))
                .hasMessageContaining("`amount` is missing");
    }
}
