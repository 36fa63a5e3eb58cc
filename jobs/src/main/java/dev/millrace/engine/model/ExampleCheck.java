package dev.millrace.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Scores the model's own input example: a model that cannot answer that is never registered. */
public record ExampleCheck(Frames frames, JavaSparkContext cluster, Home home) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Rows of the driver as a dataset. */
    public interface Frames {
        /** The rows in their order, in one partition. */
        Dataset<Row> of(List<Row> rows, StructType schema);
    }

    /** @throws MillraceException MODEL_UNUSABLE when a row has no finite prediction */
    public void require(ModelDirectory model) {
        Path file = model.folder().resolve("input_example.json");
        if (!Files.isRegularFile(file)) return; // a model of another tool may have none
        for (Row row : scored(model, example(model, file))) {
            boolean noNumber = row.get(0) instanceof Double value && !Double.isFinite(value);
            if (row.isNullAt(0) || noNumber) {
                throw unusable(
                        model, "returns the prediction " + row.get(0) + " for a row of its input_example.json", null);
            }
        }
    }

    private List<Row> scored(ModelDirectory model, Dataset<Row> rows) {
        if (model.hasOnnx()) {
            Broadcast<byte[]> graph = cluster.broadcast(model.onnx());
            try {
                return Scoring.byOnnx(rows, List.of(), model, graph).collectAsList();
            } finally {
                graph.destroy();
            }
        }
        if (model.info().spark().isEmpty()) throw unusable(model, "has neither an onnx nor a spark flavour", null);
        return Scoring.bySpark(rows, List.of(), model, NativePipeline.load(model, home, cluster.hadoopConfiguration()))
                .collectAsList();
    }

    private Dataset<Row> example(ModelDirectory model, Path file) {
        StructType schema = new StructType();
        for (ModelInfo.Input input : model.info().inputs()) {
            schema = schema.add(input.name(), input.isText() ? DataTypes.StringType : DataTypes.DoubleType);
        }
        try {
            JsonNode example = JSON.readTree(Files.readString(file));
            List<String> columns = new ArrayList<>();
            example.path("columns").forEach(column -> columns.add(column.asText()));
            List<Row> rows = new ArrayList<>();
            for (JsonNode values : example.path("data")) rows.add(row(model, columns, values));
            return frames.of(rows, schema);
        } catch (IOException broken) {
            throw unusable(model, "has an input_example.json that cannot be read", broken);
        }
    }

    private static Row row(ModelDirectory model, List<String> columns, JsonNode values) {
        List<Object> row = new ArrayList<>();
        for (ModelInfo.Input input : model.info().inputs()) {
            JsonNode value = values.path(columns.indexOf(input.name()));
            if (value.isMissingNode() || value.isNull()) row.add(null);
            else row.add(input.isText() ? (Object) value.asText() : (Object) value.asDouble());
        }
        return RowFactory.create(row.toArray());
    }

    private static MillraceException unusable(ModelDirectory model, String reason, Exception cause) {
        return new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "The model in " + model.folder() + " " + reason + ". It was not registered. Train the model again.",
                cause);
    }
}
