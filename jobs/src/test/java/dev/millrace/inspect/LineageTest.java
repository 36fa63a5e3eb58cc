package dev.millrace.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.CopyJob;
import dev.millrace.job.RunnerHarness;
import dev.millrace.job.registration.PromoteJob;
import dev.millrace.job.registration.RegisterJob;
import dev.millrace.job.scoring.ScoreJob;
import dev.millrace.job.training.Rows;
import dev.millrace.job.training.TrainJob;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import dev.millrace.platform.tracking.FakeMlflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LineageTest {
    private RunnerHarness harness;
    private String copied;
    private String trained;
    private String registered;
    private String promoted;
    private String scored;
    private String reported;

    /** The life of one model; afterwards the registry is gone. */
    @BeforeAll
    void live(SparkSession spark, @TempDir Path folder) {
        try (FakeMlflow registry = new FakeMlflow()) {
            harness = new RunnerHarness(spark, folder, Optional.of(registry.location()));
            Rows.of(spark, 300, 7).write().format("delta").save(harness.lake().root() + "/raw/people");
            copied = harness.run(new CopyJob("prepare"), "input: raw.people\noutput: training_sets.people\n")
                    .runId();
            trained = harness.run(
                            new TrainJob(),
                            """
                            table: training_sets.people
                            label: income
                            positive-class: ">50K"
                            features: {numeric: [amount, count]}
                            algorithm: logistic-regression
                            split: {by: column}
                            """)
                    .runId();
            registered = harness.run(new RegisterJob(), "model: people\n").runId();
            promoted = harness.run(new PromoteJob(), "model: people\n").runId();
            scored = harness.run(
                            new ScoreJob(),
                            """
                            model: models:/people@champion
                            input: training_sets.people
                            output: predictions.people
                            keys: [id]
                            time-column: at
                            """)
                    .runId();
            reported = harness.run(new CopyJob("report"), "input: predictions.people\noutput: reports.people\n")
                    .runId();
        }
        // A version that rewrites files and changes no row.
        spark.sql("OPTIMIZE delta.`" + harness.lake().root() + "/training_sets/people` ZORDER BY (id)");
    }

    private Lineage of(String ref) {
        return new LineageWalk(harness.tables(), harness.records()).of(ref);
    }

    @Test
    void onePredictionLeadsToItsModelRunTrainingSetAndRawTable() {
        assertThat(of("predictions.people:id=17").text())
                .isEqualTo(
                        """
                        predictions.people:id=17  in predictions.people@0, written as predictions.people@0

                        upstream
                        └─ run:%1$s  score, 2026-02-01T00:00:00Z
                           ├─ training_sets.people@0
                           │  └─ run:%2$s  prepare, 2026-02-01T00:00:00Z
                           │     └─ raw.people@0
                           │        └─ commit 0 of raw.people (WRITE, not by Millrace)
                           └─ model:people/1
                              └─ run:%3$s  register, 2026-02-01T00:00:00Z
                                 └─ run:%4$s  train, 2026-02-01T00:00:00Z
                                    └─ training_sets.people@0  (see above)

                        downstream
                        └─ run:%5$s  report, 2026-02-01T00:00:00Z
                           └─ reports.people@0
                        """
                                .formatted(scored, copied, registered, trained, reported));
    }

    @Test
    void theRawTableLeadsToThePredictions() {
        String text = of("raw.people@0").text();

        assertThat(text.substring(text.indexOf("downstream")))
                .containsSubsequence("run:" + copied, "training_sets.people@0")
                .contains("run:" + trained, "run:" + registered, "model:people/1", "run:" + promoted)
                .contains("run:" + scored, "predictions.people@0", "reports.people@0");
    }

    @Test
    void aModelVersionKnowsItsMakerAndItsUsers() {
        Lineage lineage = of("models:/people/1");

        assertThat(lineage.madeFrom()).extracting(LineageNode::ref).containsExactly("run:" + registered);
        assertThat(lineage.usedBy())
                .extracting(LineageNode::ref)
                .contains("run:" + promoted, "run:" + scored)
                .doesNotContain("run:" + registered);
        assertThat(lineage.toJson()).containsEntry("ref", "model:people/1").containsKeys("made_from", "used_by");
    }

    @Test
    void aVersionThatChangedNoRowHasTheSourcesOfTheOneBefore() {
        Lineage lineage = of("training_sets.people");

        assertThat(lineage.ref()).isEqualTo("training_sets.people@1");
        assertThat(lineage.note()).isEqualTo("its rows are those of version 0");
        assertThat(lineage.madeFrom()).extracting(LineageNode::ref).containsExactly("run:" + copied);
        assertThat(lineage.usedBy()).extracting(LineageNode::ref).contains("run:" + trained, "run:" + scored);
    }

    @Test
    void aRunIsFoundByItsFirstDigits() {
        assertThat(of("run:" + trained.substring(0, 12)).ref()).isEqualTo("run:" + trained);
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThatThrownBy(() -> of("run:ffff"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("No run");
        assertThatThrownBy(() -> of("model:peple/1")).hasMessageContaining("Did you mean `model:people/1`?");
        assertThatThrownBy(() -> of("raw.people@9")).hasMessageContaining("has no version 9");
        assertThatThrownBy(() -> of("raw.peopel@0")).hasMessageContaining("Did you mean `raw.people`?");
        assertThatThrownBy(() -> of("predictions.people:id=999")).hasMessageContaining("No row of");
        assertThatThrownBy(() -> of("predictions.people:ide=9")).hasMessageContaining("did you mean `id`?");
        assertThatThrownBy(() -> of("rubbish")).hasMessageContaining("Use schema.table@VERSION, run:ID");
    }

    @Test
    void aTableThatCannotBeReadDoesNotHideTheOthers() throws IOException {
        Path log = Files.createDirectories(Path.of(harness.lake().root(), "raw/broken/_delta_log"));
        Path commit = Files.writeString(log.resolve("00000000000000000000.json"), "{\"commitInfo\": broken");
        try {
            Lineage lineage = of("model:people/1");

            assertThat(lineage.unreadable()).containsOnlyKeys("raw.broken");
            assertThat(lineage.text()).contains("raw.people@0").contains("not readable\nraw.broken: ");
        } finally {
            Files.delete(commit);
            Files.delete(log);
            Files.delete(log.getParent());
        }
    }
}
