package dev.millrace.flow.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.JobHarness;
import dev.millrace.job.JobRunner;
import dev.millrace.platform.config.JobFile;
import dev.millrace.platform.config.Overrides;
import dev.millrace.platform.config.Problems;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import dev.millrace.platform.progress.Progress;
import dev.millrace.platform.spark.SharedSpark;
import dev.millrace.platform.tracking.Tracking;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
class PipelineTest {
    private static final String THREE_STEPS =
            """
            job: pipeline
            seed: 7
            steps:
              - name: first
                job: copy
                config: {input: raw.x, output: a.first}
              - name: second
                job: copy
                config: second.yaml
                with: {copy.fragile: true, target: a.second}
              - name: third
                job: copy
                config: {input: a.second, output: a.third}
            """;
    private static final Map<String, String> FILES = Map.of(
            "conf/second.yaml",
            """
            job: copy
            copy: {input: a.first, output: "${target}"}
            """);

    @TempDir
    private Path folder;

    private final CopyJob copy = new CopyJob();
    private JobRunner runner;

    @BeforeEach
    void aHomeWithOneTable(SparkSession spark) {
        Home home = Home.of(folder.toString(), folder);
        Tracking tracking = new Tracking(Optional.empty(), home, Clock.systemUTC(), () -> UUID.randomUUID()
                .toString()
                .replace("-", ""));
        runner = new JobRunner(spark, home, tracking, Clock.systemUTC(), "me", "conf/p.yaml", Optional.empty(), "test");
        new JobHarness(spark, folder).write("raw.x", spark.range(10).toDF("id"));
    }

    private Pipeline read(String yaml) {
        Problems problems = new Problems();
        Optional<JobFile> file =
                JobFile.read("conf/p.yaml", yaml, Optional.of("pipeline"), Overrides.none(), name -> null, problems);
        Optional<Pipeline> pipeline = file.flatMap(found -> Pipeline.read(
                found,
                new Pipeline.Surroundings(Map.of("copy", copy), FILES::get, Overrides.none(), name -> null),
                problems));
        problems.throwIfAny();
        return pipeline.orElseThrow();
    }

    private PipelineOutcome run(Pipeline pipeline) {
        return pipeline.run(
                runner,
                new Pipeline.Options(Optional.empty(), Optional.empty(), false, label -> Progress.SILENT, step -> {}));
    }

    private static List<String> statuses(PipelineOutcome outcome) {
        return outcome.steps().stream()
                .map(step -> step.status()
                        + step.failure()
                                .filter(thrown -> step.errorKind().orElseThrow() == ErrorKind.INTERNAL)
                                .map(thrown -> ": " + thrown)
                                .orElse(""))
                .toList();
    }

    @Test
    void aSecondRunDoesNothingAndLeavesNoRun() {
        Pipeline pipeline = read(THREE_STEPS);

        PipelineOutcome first = run(pipeline);
        int waiting = runner.tracking().waiting();
        PipelineOutcome second = run(pipeline);

        assertThat(statuses(first)).containsExactly("done", "done", "done");
        assertThat(statuses(second)).containsExactly("up-to-date", "up-to-date", "up-to-date");
        assertThat(second.status()).isEqualTo("up-to-date");
        assertThat(second.runId()).isEmpty();
        assertThat(copy.runs).hasValue(3);
        assertThat(runner.tracking().waiting()).isEqualTo(waiting);
    }

    @Test
    void itGoesOnAtTheStepThatFailed() {
        Pipeline pipeline = read(THREE_STEPS);
        copy.broken = true;

        PipelineOutcome broken = run(pipeline);
        copy.broken = false;
        PipelineOutcome mended = run(pipeline);

        assertThat(statuses(broken)).containsExactly("done", "failed", "skipped");
        assertThat(broken.errorKind()).contains(ErrorKind.QUALITY_GATE);
        assertThat(statuses(mended)).containsExactly("up-to-date", "done", "done");
    }

    @Test
    @Tag("slow")
    void aStepThatDoesNotNeedTheFailedOneStillRuns() {
        Pipeline pipeline = read(
                """
                job: pipeline
                steps:
                  - {name: bad, job: copy, config: {input: raw.x, output: a.bad, fragile: true}}
                  - {name: apart, job: copy, config: {input: raw.x, output: a.apart}, needs: []}
                  - {name: free, job: copy, config: {input: raw.x, output: a.free}, needs: [apart]}
                """);
        copy.broken = true;

        assertThat(statuses(run(pipeline))).containsExactly("failed", "done", "done");
    }

    @Test
    void problemsOfAllStepsAreToldBeforeTheFirstRuns() {
        assertThatThrownBy(
                        () -> read(
                                """
                        job: pipeline
                        steps:
                          - {name: one, job: cpoy, config: {input: raw.x, output: a.b}}
                          - {name: two, job: copy, config: {inptu: raw.x, output: a.b}}
                        """))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("step `one`")
                .hasMessageContaining("Did you mean `copy`?")
                .hasMessageContaining("step `two`")
                .hasMessageContaining("conf/p.yaml:4")
                .hasMessageContaining("Did you mean `input`?");
        assertThat(copy.runs).hasValue(0);
    }

    @Test
    void stepsMayNotNeedLaterSteps() {
        assertThatThrownBy(
                        () -> read(
                                """
                        job: pipeline
                        steps:
                          - {name: one, job: copy, config: {input: raw.x, output: a.b}, needs: [two]}
                          - {name: two, job: copy, config: {input: raw.x, output: a.c}}
                        """))
                .hasMessage("conf/p.yaml:3: `steps[0].needs` names `two`, which is not an earlier step. Earlier steps:"
                        + " none.");
    }

    @Test
    void noProblemHidesAnother() {
        assertThatThrownBy(
                        () -> read(
                                """
                        job: pipeline
                        sede: 7
                        steps:
                          - {name: one, job: copy, config: {input: "${data}", outptu: a.b}}
                          - {name: two, job: copy}
                          - {name: two, job: copy, config: {input: raw.x, output: a.c, fragile: perhaps}, needs: [three]}
                        """))
                .hasMessage(
                        """
                        7 problems:
                        conf/p.yaml:4: `steps[0].config.input` needs the value of `data`: set that environment variable, add `--set data=…`, or use `${data:default}`
                        conf/p.yaml:2: `sede` is not a key of a `pipeline` file. Did you mean `seed`? Known keys: home, job, lake, seed, single-writer, spark, tracking, steps.
                        step `one`: conf/p.yaml:4: `copy.outptu` is not a key here. Did you mean `output`? Known keys: input, output, fragile.
                        conf/p.yaml:5: `steps[1].config` is missing: path of a job file, or the section of the job
                        conf/p.yaml:6: `steps[2].name` is `two`, the name of an earlier step; rename one of them
                        conf/p.yaml:6: `steps[2].needs` names `three`, which is not an earlier step. Earlier steps: one, two.
                        step `two`: conf/p.yaml:6: `copy.fragile` expects true or false, found text (perhaps)""");
    }

    @Test
    @Tag("slow")
    void theSeedOfThePipelineHoldsForItsSteps(SparkSession spark) {
        run(read(THREE_STEPS));

        PipelineOutcome other = run(read(THREE_STEPS.replace("seed: 7", "seed: 8")));

        assertThat(statuses(other)).containsExactly("done", "done", "done");
    }
}
