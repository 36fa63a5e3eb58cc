package dev.millrace.job.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.job.JobHarness;
import dev.millrace.job.registration.PromoteJob;
import dev.millrace.job.registration.RegisterJob;
import dev.millrace.job.training.Rows;
import dev.millrace.job.training.TrainJob;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
class ScoreJobTest {
    private static final String SCORE =
            """
            model: models:/people@champion
            input: raw.people
            output: %s
            keys: [id]
            time-column: at
            keep: [colour]
            """;

    private JobHarness harness;

    @BeforeAll
    void trainAndPromote(SparkSession spark, @TempDir Path folder) {
        harness = new JobHarness(spark, folder);
        harness.write("raw.people", Rows.of(spark, 600, 7));
        harness.run(
                new TrainJob(),
                """
                table: raw.people
                label: income
                positive-class: ">50K"
                features: {numeric: [amount, count], categorical: [colour]}
                algorithm: random-forest
                params: {num-trees: 4, max-depth: 4}
                split: {by: column}
                """);
        harness.run(new RegisterJob(), "model: people\n");
        harness.run(new PromoteJob(), "model: people\nmin: {test_auc: 0.7}\n");
    }

    @Test
    void bothEnginesWriteTheSameWithTheColumnsOfTheContract() {
        harness.run(new ScoreJob(), SCORE.formatted("predictions.onnx"));
        harness.run(new ScoreJob(), SCORE.formatted("predictions.spark") + "engine: spark\n");

        Map<Long, Row> onnx = byId("predictions.onnx");
        Map<Long, Row> spark = byId("predictions.spark");
        assertThat(onnx.get(0L).schema().fieldNames())
                .containsExactly(
                        "id",
                        "event_time",
                        "colour",
                        "prediction",
                        "probability",
                        "probabilities",
                        "model_version",
                        "scored_at",
                        "input_version",
                        "score_owner",
                        "model_name",
                        "run_id",
                        "input_table");
        assertThat(onnx).hasSize(600).hasSameSizeAs(spark);
        onnx.forEach((id, row) -> {
            assertThat(row.<String>getAs("prediction"))
                    .isEqualTo(spark.get(id).<String>getAs("prediction"))
                    .isIn("<=50K", ">50K");
            assertThat(row.<Double>getAs("probability"))
                    .isCloseTo(spark.get(id).<Double>getAs("probability"), within(1e-9));
        });
        assertThat(onnx.get(5L).<Integer>getAs("model_version")).isEqualTo(1);
        assertThat(onnx.get(5L).<String>getAs("model_name")).isEqualTo("people");
    }

    private Map<Long, Row> byId(String table) {
        return harness.read(table).stream().collect(Collectors.toMap(row -> row.getAs("id"), row -> row));
    }

    @Test
    void scoringTwiceGivesWhatScoringOnceGives() {
        harness.run(new ScoreJob(), SCORE.formatted("predictions.twice"));
        harness.run(new ScoreJob(), SCORE.formatted("predictions.twice"));

        assertThat(harness.read("predictions.twice")).hasSize(600);
    }

    @Test
    void anIntervalIsReplacedAlone() {
        Interval day = new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-02T00:00:00Z"));
        String yaml = SCORE.formatted("predictions.days");
        Interval next = new Interval(day.end(), Instant.parse("2026-01-03T00:00:00Z"));

        harness.run(new ScoreJob(), yaml, Optional.of(day));
        harness.run(new ScoreJob(), yaml, Optional.of(next));
        harness.run(new ScoreJob(), yaml, Optional.of(day));

        assertThat(harness.read("predictions.days"))
                .hasSize(480)
                .allSatisfy(row -> assertThat(row.<Instant>getAs("event_time")).isBefore(next.end()));
    }

    @Test
    void onlyNewRowsAreScoredWhenIncremental(SparkSession spark) {
        harness.write("raw.growing", Rows.of(spark, 100, 9));
        String yaml =
                SCORE.formatted("predictions.growing").replace("raw.people", "raw.growing") + "incremental: true\n";
        harness.run(new ScoreJob(), yaml);
        harness.append("raw.growing", Rows.of(spark, 130, 10).where("id >= 100"), 1);

        ScoreResult second = harness.run(new ScoreJob(), yaml);

        assertThat(second.commit().rowsWritten()).isEqualTo(30);
        assertThat(harness.read("predictions.growing")).hasSize(130);
    }

    @Test
    @Tag("slow")
    void anIntervalScoredBeforeDoesNotHideTheOtherRowsFromTheChangeFeed(SparkSession spark) {
        String feed = "spark.databricks.delta.properties.defaults.enableChangeDataFeed";
        spark.conf().set(feed, "true");
        harness.write("raw.fed", Rows.of(spark, 600, 9));
        spark.conf().unset(feed);
        String yaml = SCORE.formatted("predictions.fed").replace("raw.people", "raw.fed") + "incremental: true\n";
        Interval day = new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-02T00:00:00Z"));
        Interval next = new Interval(day.end(), Instant.parse("2026-01-03T00:00:00Z"));

        harness.run(new ScoreJob(), yaml, Optional.of(day));
        harness.run(new ScoreJob(), yaml, Optional.of(next));
        assertThat(harness.read("predictions.fed")).hasSize(480);
        harness.run(new ScoreJob(), yaml);

        assertThat(harness.read("predictions.fed")).hasSize(600);
    }

    private static String part(String output, String colour) {
        return SCORE.formatted(output)
                .replace("input: raw.people", "input: {table: raw.people, where: \"colour = '" + colour + "'\"}");
    }

    private long rowsOf(String colour) {
        return harness.table("raw.people").where("colour = '" + colour + "'").count();
    }

    @Test
    @Tag("slow")
    void filesOverTwoPartsOfATableScoreBothIntoOneTable(SparkSession spark) {
        String feed = "spark.databricks.delta.properties.defaults.enableChangeDataFeed";
        spark.conf().set(feed, "true");
        harness.write("raw.parts", Rows.of(spark, 300, 9));
        spark.conf().unset(feed);
        String red = part("predictions.parts", "red").replace("raw.people", "raw.parts") + "incremental: true\n";
        long reds = harness.table("raw.parts").where("colour = 'red'").count();

        harness.run(new ScoreJob(), red);
        assertThat(harness.read("predictions.parts")).hasSize((int) reds);
        harness.run(new ScoreJob(), red.replace("colour = 'red'", "colour <> 'red'"));
        assertThat(harness.read("predictions.parts")).hasSize((int)
                harness.table("raw.parts").where("colour IS NOT NULL").count());
        harness.run(new ScoreJob(), red.replace("colour = 'red'", "true"));

        assertThat(harness.read("predictions.parts")).hasSize(300);
    }

    @Test
    @Tag("slow")
    void anIntervalReplacesOnlyTheRowsOfItsOwnFile() {
        Interval day = new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-02T00:00:00Z"));
        String red = part("predictions.shared", "red");
        String blue = part("predictions.shared", "blue");

        for (String yaml : List.of(red, blue, red, blue)) harness.run(new ScoreJob(), yaml, Optional.of(day));

        assertThat(harness.table("predictions.shared").groupBy("colour").count().collectAsList().stream()
                        .map(row -> row.getString(0)))
                .containsExactlyInAnyOrder("red", "blue");
        assertThat(harness.table("predictions.shared").count())
                .isEqualTo(harness.table("predictions.shared")
                        .select("id")
                        .distinct()
                        .count());
    }

    @Test
    void anEditedConditionLeavesOnePredictionPerKey() {
        Interval days = new Interval(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-02-01T00:00:00Z"));
        harness.run(new ScoreJob(), part("predictions.edited", "red"), Optional.of(days));

        harness.run(
                new ScoreJob(),
                part("predictions.edited", "red").replace("colour = 'red'", "colour IN ('red', 'blue')"),
                Optional.of(days));

        assertThat(harness.read("predictions.edited")).hasSize((int) (rowsOf("red") + rowsOf("blue")));
    }

    @Test
    void aTableThatDoesNotFitTheSignatureIsRefusedWithItsColumns(SparkSession spark) {
        harness.write(
                "raw.unfit",
                Rows.of(spark, 10, 1).withColumnRenamed("amount", "amont").withColumn("count", functions.lit("many")));
        String yaml = SCORE.formatted("predictions.unfit").replace("raw.people", "raw.unfit");

        assertThatThrownBy(() -> harness.run(new ScoreJob(), yaml))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.MODEL_UNUSABLE))
                .hasMessageContaining("`amount` is missing (is it `amont`?)")
                .hasMessageContaining("`count` is STRING, the model requires double");
    }

    @Test
    void aModelFolderIsScoredWithoutAnyRegistry(SparkSession spark) {
        String run = harness.tracking().versions("people").get(0).runId();
        Path folder = harness.tracking().artifacts(run).resolve("model");
        String yaml = SCORE.formatted("predictions.folder").replace("models:/people@champion", folder.toString());

        harness.run(new ScoreJob(), yaml);

        List<Row> rows = harness.read("predictions.folder");
        assertThat(rows).hasSize(600).allSatisfy(row -> assertThat(row.isNullAt(row.fieldIndex("model_version")))
                .isTrue());
    }
}
