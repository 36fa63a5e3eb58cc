package dev.millrace.flow.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.JobHarness;
import dev.millrace.job.training.Rows;
import dev.millrace.platform.spark.SharedSpark;
import dev.millrace.platform.tracking.InMemoryTracking;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
class TuneJobTest {
    private static final String TUNE =
            """
            train:
              table: raw.people
              label: income
              positive-class: ">50K"
              features: {numeric: [amount, count], categorical: [colour]}
              algorithm: random-forest
              params: {num-trees: 3}
              split: {by: column}
            metric: %s
            search: {by: grid, space: {max-depth: {values: %s}}}
            """;

    private JobHarness harness;

    @BeforeEach
    void makeTable(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        harness.write("raw.people", Rows.of(spark, 400, 7));
    }

    @Test
    void theBestTrialIsTrainedOnceMoreAndFinishedTrialsAreNotRunAgain() {
        TuneResult first = harness.run(new TuneJob(), TUNE.formatted("auc", "[0, 4]"));

        InMemoryTracking tracking = harness.tracking();
        String run = first.trained().runId();
        assertThat(first.bestParams()).containsEntry("max-depth", 4L);
        assertThat(tracking.children(run)).hasSize(2).allSatisfy(child -> {
            assertThat(tracking.run(child).status()).isEqualTo("FINISHED");
            assertThat(tracking.run(child).metrics()).containsKey("validation_auc");
            assertThat(tracking.artifacts(child).resolve("model")).doesNotExist();
        });
        assertThat(tracking.artifacts(run).resolve("model/MLmodel")).exists();
        assertThat(tracking.artifacts(run).resolve("trials.json")).exists();

        TuneResult more = harness.run(new TuneJob(), TUNE.formatted("auc", "[0, 4, 6]"));

        assertThat(more.trials()).isEqualTo(3);
        assertThat(more.reused()).isEqualTo(2);
        assertThat(tracking.children(more.trained().runId())).hasSize(1);
    }

    @Test
    @Tag("slow")
    void trialsOfAnotherVersionOfTheProgramAreRunAgain() {
        harness.run(new TuneJob(), TUNE.formatted("auc", "[0, 4]"));
        harness.upgrade("a later version");
        TuneResult later = harness.run(new TuneJob(), TUNE.formatted("auc", "[0, 4]"));

        assertThat(later.reused())
                .as("scores of another version of the program")
                .isZero();
    }

    /** D17: one trial fails at once while the other fits its trees. */
    @Test
    void nothingIsWrittenOnceAFailedSearchHasEnded() {
        InMemoryTracking tracking = harness.tracking();
        tracking.failAtParam("params.max-depth", "7");

        assertThatThrownBy(() -> harness.run(
                        new TuneJob(), TUNE.formatted("auc", "[12, 7]").replace("{num-trees: 3}", "{num-trees: 60}")))
                .hasMessageContaining("cannot be recorded");

        String search = tracking.searchRuns("test", "tags.`millrace.job` = 'tune'", 10).stream()
                .map(run -> run.id())
                .filter(run -> !tracking.children(run).isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(tracking.children(search))
                .hasSize(2)
                .allSatisfy(child -> assertThat(tracking.run(child).status()).isIn("FAILED", "FINISHED"));
    }

    @Test
    void mistakesAreToldBeforeTheFirstTrialOrByIt() {
        assertThatThrownBy(() -> harness.run(new TuneJob(), TUNE.formatted("auk", "[1]")))
                .hasMessageContaining("`metric` is `auk`, an unknown metric. Did you mean `auc`?");
        assertThatThrownBy(() -> harness.run(new TuneJob(), TUNE.formatted("auc", "[99]")))
                .hasMessageContaining("`params.max-depth` is 99; expected 0 to 30");
        List<String> left = harness.tracking().searchRuns("test", "attributes.status = 'RUNNING'", 100).stream()
                .map(run -> run.tags().getOrDefault("millrace.job", ""))
                .toList();
        assertThat(left).doesNotContain("tune");
    }
}
