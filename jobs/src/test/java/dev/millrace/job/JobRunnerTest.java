package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import dev.millrace.platform.table.TableName;
import dev.millrace.platform.tracking.FakeMlflow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
class JobRunnerTest {
    private static final String COPY = "input: raw.x\noutput: features.x\n";

    private final FakeMlflow server = new FakeMlflow();
    private SparkSession spark;
    private RunnerHarness harness;

    @BeforeEach
    void input(SparkSession shared, @TempDir Path folder) {
        spark = shared;
        harness = new RunnerHarness(spark, folder, Optional.of(server.location()));
        write("raw/x", 0);
    }

    private void write(String table, long from) {
        spark.range(from, from + 3)
                .write()
                .format("delta")
                .mode("append")
                .save(harness.lake().root() + "/" + table);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<Long> versions() {
        return harness.tables()
                .history(TableName.parse("features.x"))
                .orElseThrow()
                .versions();
    }

    @Test
    void nothingChangedMeansNothingIsDoneUntilSomethingChanges() {
        Outcome first = harness.run(new CopyJob("copy"), COPY);
        Outcome again = harness.run(new CopyJob("copy"), COPY);

        assertThat(first.status()).isEqualTo(Outcome.Status.DONE);
        assertThat(first.produced()).containsExactly("features.x@0");
        assertThat(again.status()).isEqualTo(Outcome.Status.UP_TO_DATE);
        assertThat(again.runId()).isEqualTo(first.runId());
        assertThat(again.produced()).containsExactly("features.x@0");
        assertThat(versions()).containsExactly(0L);
        assertThat(server.runs()).hasSize(1);
        assertThat(harness.plan(new CopyJob("copy"), COPY).upToDateSince()).contains(first.runId());

        write("raw/x", 10);
        assertThat(harness.plan(new CopyJob("copy"), COPY).upToDateSince()).isEmpty();
        assertThat(harness.run(new CopyJob("copy"), COPY).status()).isEqualTo(Outcome.Status.DONE);
        assertThat(harness.run(new CopyJob("copy"), COPY, true).status()).isEqualTo(Outcome.Status.DONE);
        assertThat(versions()).containsExactly(0L, 1L, 2L);

        write("features/x", 99);
        assertThat(harness.run(new CopyJob("copy"), COPY).status())
                .as("another's rows in the output")
                .isEqualTo(Outcome.Status.DONE);
    }

    /** Killed between its first commit and its last: the record is what a run writes last. */
    @Test
    void aCommitOfARunWithoutARecordIsNotUpToDate() throws Exception {
        Outcome killed = harness.run(new CopyJob("copy"), COPY);
        Files.delete(Path.of(harness.home().lake()).resolve("_runs/" + killed.runId() + ".json"));

        assertThat(harness.plan(new CopyJob("copy"), COPY).upToDateSince()).isEmpty();
        assertThat(harness.run(new CopyJob("copy"), COPY).status()).isEqualTo(Outcome.Status.DONE);
        assertThat(harness.run(new CopyJob("copy"), COPY).status()).isEqualTo(Outcome.Status.UP_TO_DATE);
    }

    @Test
    @Tag("slow")
    void whatAnotherSectionMergedOverOursIsNotUpToDate() {
        String whole = COPY + "keys: [id]\n";
        String part = whole.replace("raw.x", "{table: raw.x, where: 'id < 2'}");

        assertThat(harness.run(new CopyJob("copy"), whole).status()).isEqualTo(Outcome.Status.DONE);
        assertThat(harness.run(new CopyJob("copy"), part).status()).isEqualTo(Outcome.Status.DONE);

        assertThat(harness.run(new CopyJob("copy"), whole).status()).isEqualTo(Outcome.Status.DONE);
        assertThat(harness.run(new CopyJob("copy"), whole).status()).isEqualTo(Outcome.Status.UP_TO_DATE);
    }

    @Test
    void commitsFromOtherInputsIntoTheSameTableLeaveItUpToDate() {
        write("raw/y", 50);
        String one = COPY + "keys: [id]\n";
        harness.run(new CopyJob("copy"), one);
        harness.run(new CopyJob("copy"), one.replace("raw.x", "raw.y"));

        assertThat(harness.run(new CopyJob("copy"), one).status()).isEqualTo(Outcome.Status.UP_TO_DATE);
    }

    @Test
    void aRunIsRecordedOnTheServerAndInTheLake() {
        Outcome outcome = harness.run(new CopyJob("copy"), COPY);

        String run = server.runs().get(0).toString();
        assertThat(run)
                .startsWith(outcome.runId() + " FINISHED")
                .contains("millrace.job=copy", "millrace.outcome=done", "mlflow.user=ada", "input=raw.x", "seed=42")
                .contains("rows_out", "delta_table");
        assertThat(harness.records().all()).singleElement().satisfies(record -> {
            assertThat(record.runId()).isEqualTo(outcome.runId());
            assertThat(record.inputs()).containsExactly("raw.x@0");
            assertThat(record.outputs()).containsExactly("features.x@0");
        });
        assertThat(outcome.runUrl()).hasValueSatisfying(url -> assertThat(url).endsWith(outcome.runId()));
    }

    @Test
    void aFailedJobIsRecordedAsFailedAndRunsAgain() {
        String failing = COPY + "fail: on purpose\n";

        assertThatThrownBy(() -> harness.run(new CopyJob("copy"), failing)).hasMessage("on purpose");

        assertThat(server.runs())
                .singleElement()
                .asString()
                .contains(" FAILED ", "millrace.outcome=INTERNAL", "millrace.error=on purpose");
        assertThat(harness.records().all()).isEmpty();
    }

    @Test
    void whatSparkThrowsIsToldInWordsAndEndsTheRun() {
        String bad = "input: {table: raw.x, where: \"CAST(concat('x', id) AS INT) > 0\"}\noutput: features.x\n";

        assertThatThrownBy(() -> harness.run(new CopyJob("copy"), bad))
                .isInstanceOfSatisfying(
                        MillraceException.class, told -> assertThat(told.kind()).isEqualTo(ErrorKind.SCHEMA_MISMATCH));

        assertThat(server.runs()).singleElement().asString().contains(" FAILED ", "millrace.outcome=SCHEMA_MISMATCH");
    }

    @Test
    void aMissingInputEndsBeforeAnyRun() {
        assertThatThrownBy(() -> harness.run(new CopyJob("copy"), COPY.replace("raw.x", "raw.y")))
                .hasMessageContaining("There is no table `raw.y`. Did you mean `raw.x`?");

        assertThat(server.runs()).isEmpty();
        assertThat(harness.tracking().waiting()).isZero();
    }

    @Test
    void theRunOfAKilledProcessIsClosedByTheNext() throws Exception {
        Path spool = harness.home().spool().resolve("f".repeat(32));
        Files.createDirectories(spool);
        Files.writeString(
                spool.resolve("journal.jsonl"),
                "{\"op\":\"create\",\"run_id\":\"%s\",\"experiment\":\"default\",\"name\":\"copy\",\"user\":\"ada\",\"start_time\":1,\"tags\":[{\"key\":\"millrace.run_id\",\"value\":\"%s\"},{\"key\":\"millrace.job\",\"value\":\"copy\"}]}\n"
                        .formatted("f".repeat(32), "f".repeat(32)));

        harness.run(new CopyJob("copy"), COPY);

        assertThat(server.runs()).anySatisfy(run -> assertThat(run.toString()).startsWith("f".repeat(32) + " KILLED"));
        assertThat(harness.tracking().waiting()).isZero();
    }

    @Test
    void withTheServerDownTheJobEndsAndItsRunWaits() {
        server.close();

        Outcome outcome = harness.run(new CopyJob("copy"), COPY);

        assertThat(outcome.status()).isEqualTo(Outcome.Status.DONE);
        assertThat(outcome.runUrl()).isEmpty();
        assertThat(harness.tracking().waiting()).isEqualTo(1);
        assertThat(harness.run(new CopyJob("copy"), COPY).status()).isEqualTo(Outcome.Status.UP_TO_DATE);
    }
}
