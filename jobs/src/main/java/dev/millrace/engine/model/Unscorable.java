package dev.millrace.engine.model;

import dev.millrace.engine.onnx.OnnxModel;
import dev.millrace.engine.onnx.OnnxModels;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * none. Such a value is never replaced by 0, true or its whole part.
 */
public final class Unscorable {
    private Unscorable() {}

    /** The rows that can be scored. */
    public static Dataset<Row> without(Dataset<Row> rows, ModelDirectory model) {
        return rows.where(reason(model, rows.schema()).isNull());
    }

    /**
     * Why a row cannot be scored, naming column and value; NULL for a row that can. The same for both engines.
     *
     * @param schema of the rows, which fits the model ({@link Scoring#requireInputs})
     * @return STRING, computed from the row alone
     */
    public static Column reason(ModelDirectory model, StructType schema) {
        Map<String, OnnxModel.Type> types = types(model);
        List<Column> reasons = new ArrayList<>();
        for (ModelInfo.Input input : model.info().inputs()) {
            Column column = Columns.named(input.name());
            OnnxModel.Type type = types.getOrDefault(input.name(), OnnxModel.Type.DOUBLE);
            boolean exact = type == OnnxModel.Type.LONG || type == OnnxModel.Type.INT || type == OnnxModel.Type.BOOLEAN;
            if (input.required() || exact) {
                reasons.add(functions.when(
                        column.isNull(),
                        functions.lit("`" + input.name() + "` is NULL, and the model requires a value")));
            }
            if (!exact) continue;
            Column whole = whole(column, schema.apply(input.name()).dataType(), type);
            reasons.add(functions.when(
                    whole.isNull(),
                    functions.concat(
                            functions.lit("`" + input.name() + "` is "),
                            column.cast(DataTypes.StringType),
                            functions.lit(
                                    type == OnnxModel.Type.BOOLEAN
                                            ? ", neither 0 nor 1, and the model requires a boolean"
                                            : ", and the model requires an integer"
                                                    + (type == OnnxModel.Type.INT ? " of 32 bits" : "")))));
        }
        if (reasons.isEmpty()) return functions.lit(null).cast(DataTypes.StringType);
        return functions.coalesce(reasons.toArray(Column[]::new));
    }

    /** The graph says what its inputs are; without one the signature. */
    private static Map<String, OnnxModel.Type> types(ModelDirectory model) {
        Map<String, OnnxModel.Type> types = new HashMap<>();
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
