package dev.millrace.engine.model;

import dev.millrace.engine.onnx.OnnxExport;
import dev.millrace.engine.onnx.OnnxModel;
import dev.millrace.engine.onnx.OnnxModels;
import dev.millrace.engine.onnx.Target;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import dev.millrace.platform.spark.InternalRows;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * A table scored by a model: some of its columns, then {@code prediction} (in the label's own type), {@code
 * probability} (of the positive class of two) and {@code probabilities} (of more than two classes). One pass, no
 * shuffle.
 */
public final class Scoring {
    public static final String PREDICTION = OnnxExport.PREDICTION;
    public static final String PROBABILITY = OnnxExport.PROBABILITY;
    public static final String PROBABILITIES = "probabilities";

    private Scoring() {}

    /**
     * Checks a table against the model's signature.
     *
     * @param owner what has the schema, for the message: "Table `raw.x` version 3"
     * @throws MillraceException MODEL_UNUSABLE naming every column that is missing or of the wrong kind
     */
    public static void requireInputs(ModelInfo model, StructType schema, String owner) {
        List<String> present = Arrays.asList(schema.fieldNames());
        List<String> wrong = new ArrayList<>();
        for (ModelInfo.Input input : model.inputs()) {
            if (!present.contains(input.name())) {
                wrong.add("`" + input.name() + "` is missing"
                        + Nearest.to(input.name(), present)
                                .map(near -> " (is it `" + near + "`?)")
                                .orElse(""));
            } else if (!fits(input, schema.apply(input.name()).dataType())) {
                wrong.add("`" + input.name() + "` is "
                        + schema.apply(input.name()).dataType().sql() + ", the model requires " + input.type());
            }
        }
        if (wrong.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                owner + " does not fit the model's signature: "
                        + wrong.stream().collect(Collectors.joining("; "))
                        + ". The model requires: " + String.join(", ", model.columns()) + ".");
    }

    private static boolean fits(ModelInfo.Input input, DataType type) {
        if (input.isText()) return type instanceof StringType;
        return type instanceof NumericType || type instanceof BooleanType;
    }

    /**
     * By ONNX Runtime. Rows that are {@link Unscorable} must have been left out: one fails the job.
     *
     * @param kept columns of {@code rows} to pass on
     * @param graph the model's {@link ModelDirectory#onnx} bytes, broadcast
     */
    public static Dataset<Row> byOnnx(
            Dataset<Row> rows, List<String> kept, ModelDirectory model, Broadcast<byte[]> graph) {
        String digest = ModelDirectory.sha256(graph.value());
        List<OnnxModel.Input> inputs = OnnxModels.with(digest, graph.value(), OnnxModel::inputs);
        List<Column> columns = new ArrayList<>(Arrays.asList(Columns.named(kept)));
        for (OnnxModel.Input input : inputs) {
            columns.add(input(input, rows.schema().apply(input.name()).dataType()));
        }
        // By number: a column may be kept and be an input too.
        List<Column> numbered = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) numbered.add(columns.get(i).as("c" + i));
        Dataset<Row> ready = rows.select(numbered.toArray(Column[]::new));
        DataType prediction = onnxType(model.info().target());
        StructType schema = ready.schema()
                .add(PREDICTION, prediction)
                .add(PROBABILITY, DataTypes.DoubleType)
                .add(PROBABILITIES, DataTypes.createArrayType(DataTypes.DoubleType));
        Dataset<Row> scored =
                InternalRows.mapped(ready, schema, new ScoreBatches(graph, digest, kept.size(), prediction));
        List<Column> named = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) named.add(Columns.named("c" + i).as(kept.get(i)));
        for (String result : List.of(PREDICTION, PROBABILITY, PROBABILITIES)) named.add(Columns.named(result));
        return scored.select(named.toArray(Column[]::new));
    }

    private static Column input(OnnxModel.Input input, DataType from) {
        Column column = Columns.named(input.name());
        return switch (input.type()) {
            case TEXT -> column.cast(DataTypes.StringType);
            case DOUBLE, FLOAT -> column.cast(DataTypes.DoubleType);
            case LONG, INT, BOOLEAN -> Unscorable.whole(column, from, input.type());
        };
    }

    private static DataType onnxType(Target target) {
        if (!(target instanceof Target.Classes classes)) return DataTypes.DoubleType;
        return switch (classes.kind()) {
            case TEXT -> DataTypes.StringType;
            case INTEGER -> DataTypes.LongType;
            case NUMBER -> DataTypes.DoubleType;
            case BOOLEAN -> DataTypes.BooleanType;
        };
    }

    /**
     * By MLlib; several times slower than ONNX, equal within 1e-5.
     *
     * @param pipeline the native pipeline, whose model has the columns {@code _millrace_prediction} and {@code
     *     _millrace_probability}
     */
    public static Dataset<Row> bySpark(
            Dataset<Row> rows, List<String> kept, ModelDirectory model, PipelineModel pipeline) {
        List<Column> columns = new ArrayList<>(Arrays.asList(Columns.named(kept)));
        columns.addAll(results(model.info().target()));
        return pipeline.transform(rows).select(columns.toArray(Column[]::new));
    }

    private static List<Column> results(Target target) {
        Column prediction = Columns.named(NativeColumns.PREDICTION);
        Column none = org.apache.spark.sql.functions.lit(null);
        if (!(target instanceof Target.Classes classes)) {
            return List.of(
                    prediction.as(PREDICTION),
                    none.cast(DataTypes.DoubleType).as(PROBABILITY),
                    none.cast(DataTypes.createArrayType(DataTypes.DoubleType)).as(PROBABILITIES));
        }
        Column label = org.apache
                .spark
                .sql
                .functions
                .element_at(
                        org.apache.spark.sql.functions.array(classes.values().stream()
                                .map(org.apache.spark.sql.functions::lit)
                                .toArray(Column[]::new)),
                        prediction.cast(DataTypes.IntegerType).plus(1))
                .cast(onnxType(target));
        Column several = functions.vector_to_array(Columns.named(NativeColumns.PROBABILITY), "float64");
        Column positive = several.getItem(1);
        return List.of(
                label.as(PREDICTION),
                (classes.isBinary() ? positive : none.cast(DataTypes.DoubleType)).as(PROBABILITY),
                (classes.isBinary() ? none.cast(DataTypes.createArrayType(DataTypes.DoubleType)) : several)
                        .as(PROBABILITIES));
    }
}
