package dev.millrace.job.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.JobHarness;
import dev.millrace.job.training.Rows;
import dev.millrace.job.training.TrainJob;
import dev.millrace.job.training.TrainResult;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
class RegistrationTest {
    private JobHarness harness;
    private TrainResult trained;

    @BeforeEach
    void train(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        harness.write("raw.people", Rows.of(spark, 300, 7));
        trained = trainWith(3);
    }

    private TrainResult trainWith(int depth) {
        return harness.run(
                new TrainJob(),
                """
                table: raw.people
                label: income
                positive-class: ">50K"
                features: {numeric: [amount, count], categorical: [colour]}
                algorithm: random-forest
                params: {num-trees: 3, max-depth: %d}
                split: {by: column}
                """
                        .formatted(depth));
    }

    @Test
    void theNewestModelBecomesAVersionOnce() {
        VersionResult first = harness.run(new RegisterJob(), "model: people\n");
        VersionResult again = harness.run(new RegisterJob(), "model: people\n");

        assertThat(first.produced()).containsExactly("people@1");
        assertThat(again.produced()).containsExactly("people@1");
        assertThat(first.version().runId()).isEqualTo(trained.runId());
        assertThat(first.version().tags()).containsKeys("millrace.digest", "millrace.fingerprint");
    }

    @Test
    void anAlteredModelIsNotRegistered() throws IOException {
        Path onnx = harness.tracking().artifacts(trained.runId()).resolve("model/model.onnx");
        Files.write(onnx, new byte[] {1});

        assertThatThrownBy(() -> harness.run(new RegisterJob(), "model: people\n"))
                .hasMessageContaining("`model.onnx` was altered");
        assertThat(harness.tracking().versions("people")).isEmpty();
    }

    @Test
    void aBetterVersionReplacesTheChampionWhichIsKeptAsPrevious() {
        harness.run(new RegisterJob(), "model: people\n");
        harness.run(new PromoteJob(), "model: people\n");
        trainWith(5);
        harness.run(new RegisterJob(), "model: people\n");

        harness.run(new PromoteJob(), "model: people\ncompare: [{metric: test_auc, min-gain: -0.5}]\n");

        assertThat(harness.tracking().byAlias("people", "champion"))
                .hasValueSatisfying(version -> assertThat(version.version()).isEqualTo(2));
        assertThat(harness.tracking().byAlias("people", "previous"))
                .hasValueSatisfying(version -> assertThat(version.version()).isEqualTo(1));
    }

    @Test
    @Tag("slow")
    void aFailedGateRefusesAndSaysWhy() {
        harness.run(new RegisterJob(), "model: people\n");
        harness.run(new PromoteJob(), "model: people\n");
        trainWith(5);
        harness.run(new RegisterJob(), "model: people\n");

        assertThatThrownBy(
                        () -> harness.run(
                                new PromoteJob(),
                                """
                        model: people
                        min: {test_auc: 0.9999, test_auk: 0.1}
                        compare: [{metric: test_log_loss, min-gain: 10}]
                        """))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.POLICY_REFUSED))
                .hasMessageContaining("version 2 was not promoted")
                .hasMessageContaining("`test_auc >= 0.9999` failed (it is 0.")
                .hasMessageContaining("`test_auk` is not among the metrics of the version's run Did you mean")
                .hasMessageContaining("`test_log_loss` gains")
                .hasMessageContaining("`@champion` stays version 1");
        assertThat(harness.tracking().byAlias("people", "champion"))
                .hasValueSatisfying(version -> assertThat(version.version()).isEqualTo(1));
    }
}
