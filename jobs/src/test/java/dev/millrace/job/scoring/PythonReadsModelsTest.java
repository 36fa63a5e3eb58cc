package dev.millrace.job.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.job.JobHarness;
import dev.millrace.job.training.Rows;
import dev.millrace.job.training.TrainJob;
import dev.millrace.job.training.TrainResult;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Needs a Python with mlflow, onnx, onnxruntime, pandas and pytest: MILLRACE_PYTHON names it. */
@Tag("external")
@ExtendWith(SharedSpark.class)
class PythonReadsModelsTest {
    @Test
    void onnxruntimeAndPyfuncGiveWhatScoreWrote(SparkSession spark, @TempDir Path folder)
            throws IOException, InterruptedException {
        String python = System.getenv("MILLRACE_PYTHON");
        Assumptions.assumeTrue(python != null, "MILLRACE_PYTHON names no Python with mlflow; see jobs/src/test/python");
        JobHarness harness = new JobHarness(spark, folder);
        harness.write("raw.people", Rows.of(spark, 500, 7));
        TrainResult trained = harness.run(
                new TrainJob(),
                """
                table: raw.people
                label: income
                positive-class: ">50K"
                features: {numeric: [amount, count], categorical: [colour]}
                algorithm: gbt
                params: {max-iter: 4, max-depth: 4}
                split: {by: column}
                """);
        harness.run(
                new ScoreJob(),
                """
                model: runs:/%s/model
                input: raw.people
                output: predictions.people
                keys: [id]
                keep: [amount, count, colour]
                """
                        .formatted(trained.runId()));
        Path scored = folder.resolve("scored.json");
        Files.writeString(scored, json(harness.read("predictions.people")));

        ProcessBuilder pytest = new ProcessBuilder(
                python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "src/test/python/test_model_directory.py");
        pytest.environment()
                .put(
                        "MILLRACE_MODEL",
                        harness.tracking()
                                .artifacts(trained.runId())
                                .resolve("model")
                                .toString());
        pytest.environment().put("MILLRACE_SCORED", scored.toString());
        Process process = pytest.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("4 passed");
    }

    private static String json(List<Row> rows) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.putArray("columns").add("amount").add("count").add("colour");
        ArrayNode values = json.putArray("rows");
        ArrayNode predictions = json.putArray("prediction");
        ArrayNode probabilities = json.putArray("probability");
        for (Row row : rows) {
            values.addArray()
                    .addPOJO(row.getAs("amount"))
                    .addPOJO(row.getAs("count"))
                    .addPOJO(row.getAs("colour"));
            predictions.add(row.<String>getAs("prediction"));
            probabilities.add(row.<Double>getAs("probability"));
        }
        return json.toString();
    }
}
