package dev.millrace.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Feeds rows of a DataFrame to a model, batch by batch. */
final class ScoreRows {
    interface Check {
        void row(Row row, Scores scores, int at);
    }

    private ScoreRows() {}

    static void each(OnnxModel model, List<Row> rows, int batchSize, Check check) {
        for (int from = 0; from < rows.size(); from += batchSize) {
            List<Row> part = rows.subList(from, Math.min(rows.size(), from + batchSize));
            Scores scores = model.run(batch(model, part));
            for (int i = 0; i < part.size(); i++) check.row(part.get(i), scores, i);
        }
    }

    static List<Double> probabilities(OnnxModel model, List<Row> rows, int batchSize) {
        List<Double> all = new ArrayList<>();
        each(model, rows, batchSize, (row, scores, at) -> all.add(scores.probability(at, 0)));
        return all;
    }

    private static InputBatch batch(OnnxModel model, List<Row> rows) {
        InputBatch batch = model.batch(rows.size());
        for (Row row : rows) {
            batch.nextRow();
            for (int i = 0; i < model.inputs().size(); i++) {
                OnnxModel.Input input = model.inputs().get(i);
                Object value = row.get(row.fieldIndex(input.name()));
                if (input.type() == OnnxModel.Type.TEXT) batch.text(i, (String) value);
                else batch.number(i, number(value));
            }
        }
        return batch;
    }

    private static double number(Object value) {
        if (value == null) return Double.NaN;
        return value instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) value).doubleValue();
    }
}
