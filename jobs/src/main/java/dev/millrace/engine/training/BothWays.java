package dev.millrace.engine.training;

import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.Scoring;
import dev.millrace.engine.truth.JudgedRows;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Scores rows by ONNX Runtime and by MLlib and compares (CONTRACT §9): a model that differs is never logged. */
public record BothWays(ModelDirectory model, PipelineModel pipeline, Broadcast<byte[]> graph) {
    private static final double TOLERANCE = 1e-5;

    /**
     * @param rows a few, in one partition
     * @return the greatest difference of a probability or an amount
     * @throws MillraceException MODEL_UNUSABLE when the two differ by more than 1e-5 or in a label
     */
    public double largestDifference(Dataset<Row> rows) {
        List<String> kept = List.of(JudgedRows.HASH);
        List<Row> onnx = Scoring.byOnnx(rows, kept, model, graph).collectAsList();
        List<Row> spark = Scoring.bySpark(rows, kept, model, pipeline).collectAsList();
        double largest = 0;
        for (int i = 0; i < onnx.size(); i++) {
            List<Double> left = numbers(onnx.get(i));
            List<Double> right = numbers(spark.get(i));
            for (int k = 0; k < left.size(); k++) {
                double size = Math.max(1, Math.abs(right.get(k)));
                largest = Math.max(largest, Math.abs(left.get(k) - right.get(k)) / size);
            }
            boolean amount = onnx.get(i).get(1) instanceof Double
                    && left.size() == 1
                    && onnx.get(i).isNullAt(2);
            boolean flipped =
                    !amount && !Objects.equals(onnx.get(i).get(1), spark.get(i).get(1));
            if (flipped || largest > TOLERANCE) {
                throw new MillraceException(
                        ErrorKind.MODEL_UNUSABLE,
                        "ONNX and Spark disagree on a training row: " + onnx.get(i) + " and " + spark.get(i)
                                + ". Nothing was logged. Set `onnx: off`, and report this as a bug.");
            }
        }
        return largest;
    }

    private static List<Double> numbers(Row row) {
        List<Double> numbers = new ArrayList<>();
        if (row.get(1) instanceof Double amount) numbers.add(amount);
        if (!row.isNullAt(2)) numbers.add(row.getDouble(2));
        if (!row.isNullAt(3)) numbers.addAll(row.getList(3));
        return numbers;
    }
}
