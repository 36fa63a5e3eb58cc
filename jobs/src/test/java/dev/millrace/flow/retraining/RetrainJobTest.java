package dev.millrace.flow.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.JobHarness;
import dev.millrace.job.registration.PromoteJob;
import dev.millrace.job.registration.RegisterJob;
import dev.millrace.job.training.Rows;
import dev.millrace.job.training.TrainJob;
import dev.millrace.platform.spark.SharedSpark;
import dev.millrace.platform.tracking.ModelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
class RetrainJobTest {
    private static final String TRAIN =
            """
            table: raw.people
            label: income
            positive-class: ">50K"
            features: {numeric: [amount, count], categorical: [colour]}
            algorithm: random-forest
            params: {num-trees: 5, max-depth: %d}
            split: {by: time, column: at, test-share: 0.3}
            """;
    private static final String RETRAIN =
            """
            model: people
            when: %s
            metric: auc
            train:
            """;

    private JobHarness harness;

    @BeforeEach
    void makeTable(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        harness.write("raw.people", Rows.of(spark, 600, 7));
    }

    private void championOf(int depth) {
        harness.run(new TrainJob(), TRAIN.formatted(depth));
        harness.run(new RegisterJob(), "model: people\n");
        harness.run(new PromoteJob(), "model: people\n");
    }

    private RetrainResult retrain(String when, int depth) {
        return harness.run(
                new RetrainJob(),
                RETRAIN.formatted(when) + TRAIN.formatted(depth).indent(2));
    }

    private int champion() {
        return harness.tracking()
                .byAlias("people", "champion")
                .map(ModelVersion::version)
                .orElseThrow();
    }

    private void writeVerdict(SparkSession spark, String verdict) {
        harness.write(
                "monitoring.drift_metrics",
                spark.sql("SELECT struct(timestamp'2026-01-05' AS start, timestamp'2026-01-06' AS end) AS window,"
                        + " 'amount' AS column_name, cast(null AS string) AS slice_key, 'BASELINE' AS drift_type, '"
                        + verdict + "' AS verdict, 'people' AS model_name, '1' AS model_version"));
    }

    @Test
    void withoutDriftNothingIsTrained(SparkSession spark) {
        championOf(4);

        RetrainResult unmonitored = retrain("drift", 4);
        writeVerdict(spark, "ok");
        RetrainResult calm = retrain("drift", 4);

        assertThat(unmonitored.decision()).isEqualTo(RetrainResult.Decision.NOT_NEEDED);
        assertThat(unmonitored.reason()).contains("has not been monitored yet");
        assertThat(calm.reason()).contains("no column drifted");
        assertThat(harness.tracking().versions("people")).hasSize(1);
    }

    @Test
    void onDriftABetterChallengerIsPromotedWithItsProof(SparkSession spark) throws IOException {
        championOf(0);
        writeVerdict(spark, "drift");

        RetrainResult result = retrain("drift", 5);

        assertThat(result.decision()).isEqualTo(RetrainResult.Decision.PROMOTED);
        assertThat(result.reason()).contains("drift in amount").contains("auc of the champion 0.5000");
        assertThat(champion()).isEqualTo(2);
        assertThat(harness.tracking().byAlias("people", "challenger")).isEmpty();
        Map<String, String> tags = harness.tracking().version("people", 2).tags();
        assertThat(tags).containsEntry("millrace.algorithm", "random-forest");
        String trainedBy = harness.tracking().version("people", 2).runId();
        assertThat(harness.tracking().run(trainedBy).inputs())
                .singleElement()
                .asString()
                .contains("people");
        String run = harness.tracking()
                .searchRuns("test", "tags.`millrace.job` = 'retrain'", 1)
                .get(0)
                .id();
        assertThat(Files.readString(harness.tracking().artifacts(run).resolve("retraining/decision.json")))
                .contains("\"p_value\"")
                .contains("\"decision\" : \"promoted\"");
    }

    @Test
    @Tag("slow")
    void aWorseChallengerIsKeptOut() {
        championOf(5);

        RetrainResult result = retrain("always", 0);

        assertThat(result.decision()).isEqualTo(RetrainResult.Decision.KEPT);
        assertThat(champion()).isEqualTo(1);
        assertThat(harness.tracking().byAlias("people", "challenger").map(ModelVersion::version))
                .hasValue(2);
        assertThat(harness.tracking().version("people", 2).tags().get("millrace.promotion"))
                .startsWith("kept out");
    }

    /** D18: a retraining killed after it registered its challenger judges that one. */
    @Test
    @Tag("slow")
    void aRetrainingThatWasKilledGoesOnWithItsChallenger() {
        championOf(0);
        harness.tracking().failAtNextAlias();

        assertThatThrownBy(() -> retrain("always", 5)).hasMessageContaining("killed");
        assertThat(harness.tracking().versions("people")).hasSize(2);
        RetrainResult again = retrain("always", 5);

        assertThat(again.decision()).isEqualTo(RetrainResult.Decision.PROMOTED);
        assertThat(champion()).isEqualTo(2);
        assertThat(harness.tracking().versions("people")).hasSize(2);
        assertThat(again.rowsIn().getAsLong()).isGreaterThan(500);
    }

    @Test
    @Tag("slow")
    void labelsMayComeFromATableOfTheirOwn(SparkSession spark) {
        harness.write(
                "raw.truth", harness.table("raw.people").selectExpr("id", "income", "at + INTERVAL 1 DAY AS told"));
        harness.write("raw.people", harness.table("raw.people").drop("income"));

        RetrainResult result = harness.run(
                new RetrainJob(),
                RETRAIN.formatted("always") + TRAIN.formatted(3).indent(2)
                        + "labels: {table: raw.truth, keys: [id], created-column: told}\n");

        assertThat(result.decision()).isEqualTo(RetrainResult.Decision.PROMOTED);
        int version = result.challenger().orElseThrow().version();
        assertThat(harness.tracking()
                        .run(harness.tracking().version("people", version).runId())
                        .metrics())
                .hasEntrySatisfying("labels_after_cut", late -> assertThat(late).isBetween(100.0, 240.0));
    }

    @Test
    @Tag("slow")
    void withoutAChampionTheChallengerIsPromoted() {
        RetrainResult result = retrain("always", 3);

        assertThat(result.decision()).isEqualTo(RetrainResult.Decision.PROMOTED);
        assertThat(champion()).isEqualTo(1);
    }
}
