package dev.millrace.engine.model;

import dev.millrace.engine.onnx.OnnxModel;
import dev.millrace.engine.onnx.OnnxModels;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows a model has no prediction for: an input it requires is NULL, or what it takes as a whole number or a boolean is
 * none. Such a value is never replaced by 0, true or its whole part. The same for both engines. The columns are computed
 * from the row alone and are NULL for a row that can be scored.
 *
 * @param reason STRING that names column and value
 * @param rule STRING: {@code not-null} or {@code type}
 * @param column STRING: the input
 */
public record Unscorable(Column reason, Column rule, Column column) {

    /** The rows that can be scored. */
    public static Dataset<Row> without(Dataset<Row> rows, ModelDirectory model) {
        return of(model, rows.schema())
                .map(why -> rows.where(why.reason().isNull()))
                .orElse(rows);
    }

    /** The columns that a model reads, in its order. */
    public static List<String> inputs(ModelDirectory model) {
        return List.copyOf(types(model).keySet());
    }

    /**
     * Why rows cannot be scored.
     *
     * @param schema of the rows, which fits the model ({@link Scoring#requireInputs})
     * @return empty when the model has a prediction for every row
     */
    public static Optional<Unscorable> of(ModelDirectory model, StructType schema) {
        Set<String> required = new HashSet<>();
        for (ModelInfo.Input input : model.info().inputs()) {
            if (input.required()) required.add(input.name());
        }
        List<Unscorable> each = new ArrayList<>();
        types(model).forEach((name, type) -> {
            boolean exact = type == OnnxModel.Type.LONG || type == OnnxModel.Type.INT || type == OnnxModel.Type.BOOLEAN;
            if (exact || required.contains(name)) each.add(missing(name));
            if (exact) each.add(inexact(name, schema.apply(name).dataType(), type));
        });
        if (each.isEmpty()) return Optional.empty();
        return Optional.of(new Unscorable(
                first(each, Unscorable::reason), first(each, Unscorable::rule), first(each, Unscorable::column)));
    }

    private static Column first(List<Unscorable> each, Function<Unscorable, Column> part) {
        return functions.coalesce(each.stream().map(part).toArray(Column[]::new));
    }

    private static Unscorable missing(String input) {
        return where(
                Columns.named(input).isNull(),
                functions.lit("`" + input + "` is NULL, and the model requires a value"),
                "not-null",
                input);
    }

    private static Unscorable inexact(String input, DataType from, OnnxModel.Type type) {
        Column column = Columns.named(input);
        Column reason = functions.concat(
                functions.lit("`" + input + "` is "),
                column.cast(DataTypes.StringType),
                functions.lit(
                        type == OnnxModel.Type.BOOLEAN
                                ? ", neither 0 nor 1, and the model requires a boolean"
                                : ", and the model requires an integer"
                                        + (type == OnnxModel.Type.INT ? " of 32 bits" : "")));
        return where(whole(column, from, type).isNull(), reason, "type", input);
    }

    private static Unscorable where(Column broken, Column reason, String rule, String input) {
        return new Unscorable(
                functions.when(broken, reason),
                functions.when(broken, functions.lit(rule)),
                functions.when(broken, functions.lit(input)));
    }

    /** The graph says what its inputs are; without one the signature. */
    private static Map<String, OnnxModel.Type> types(ModelDirectory model) {
        Map<String, OnnxModel.Type> types = new LinkedHashMap<>();
        for (ModelInfo.Input input : model.info().inputs()) {
            switch (input.type()) {
                case "long" -> types.put(input.name(), OnnxModel.Type.LONG);
                case "integer" -> types.put(input.name(), OnnxModel.Type.INT);
                case "boolean" -> types.put(input.name(), OnnxModel.Type.BOOLEAN);
                default -> types.put(input.name(), OnnxModel.Type.DOUBLE);
            }
        }
        if (model.hasOnnx()) {
            byte[] graph = model.onnx();
            OnnxModels.with(ModelDirectory.sha256(graph), graph, OnnxModel::inputs)
                    .forEach(input -> types.put(input.name(), input.type()));
        }
        return types;
    }

    /** BIGINT of a number or boolean, where it is one that {@code type} holds exactly; otherwise NULL. */
    static Column whole(Column column, DataType from, OnnxModel.Type type) {
        if (from instanceof BooleanType)
            return column.cast(DataTypes.IntegerType).cast(DataTypes.LongType);
        Column whole = column.try_cast(DataTypes.LongType);
        Column holds = column.equalTo(whole);
        if (type == OnnxModel.Type.INT) {
            holds = holds.and(whole.between(Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        if (type == OnnxModel.Type.BOOLEAN) holds = holds.and(whole.between(0, 1));
        return functions.when(holds, whole);
    }
}
