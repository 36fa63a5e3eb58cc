package dev.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.engine.onnx.Target;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedSpark.class)
class UnscorableTest {
    /** D10: NULL is not 0 or true, and 3.7 is not 3. */
    @Test
    void whatAModelCannotTakeIsNamedAndNotReplaced(SparkSession spark, @TempDir Path folder) {
        ModelDirectory model = model(
                folder,
                new ModelInfo.Input("n", "long", false),
                new ModelInfo.Input("b", "boolean", false),
                new ModelInfo.Input("i", "integer", false),
                new ModelInfo.Input("x", "double", true));
        Dataset<Row> rows = spark.sql(
                """
                SELECT * FROM VALUES
                  (1, 3D, true, 5L, 0.5D), (2, NULL, true, 5L, 0.5D), (3, 3.7D, true, 5L, 0.5D),
                  (4, 3D, NULL, 5L, 0.5D), (5, 3D, true, 5000000000L, 0.5D), (6, 3D, true, 5L, NULL),
                  (7, 3D, true, 5L, CAST('NaN' AS DOUBLE)) AS t(id, n, b, i, x)""");

        List<String> reasons = rows
                .select(
                        rows.col("id"),
                        Unscorable.of(model, rows.schema()).orElseThrow().reason())
                .orderBy("id")
                .collectAsList()
                .stream()
                .map(row -> row.getString(1))
                .toList();

        assertThat(reasons)
                .containsExactly(
                        null,
                        "`n` is NULL, and the model requires a value",
                        "`n` is 3.7, and the model requires a whole number",
                        "`b` is NULL, and the model requires a value",
                        "`i` is 5000000000, and the model requires a whole number of 32 bits",
                        "`x` is NULL, and the model requires a value",
                        null);
        assertThat(Unscorable.without(rows, model).count()).isEqualTo(2);
    }

    private static ModelDirectory model(Path folder, ModelInfo.Input... inputs) {
        ModelInfo info = new ModelInfo(
                Optional.empty(),
                List.of(inputs),
                new Target.Amount(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return ModelDirectory.create(folder, info, Instant.EPOCH);
    }
}
