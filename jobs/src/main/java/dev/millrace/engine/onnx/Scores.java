package dev.millrace.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.reflect.Array;
import java.util.Optional;

/**
 * What a model says of a batch, row by row. Values of a row: the prediction (String, Long, Double, Boolean), the
 * probability of the positive class, or the probabilities of several classes.
 */
public final class Scores {
    static final Scores NONE = new Scores(new Object[0], new double[0][]);

    private final Object predictions;
    private final double[][] probabilities;

    private Scores(Object predictions, double[][] probabilities) {
        this.predictions = predictions;
        this.probabilities = probabilities;
    }

    static Scores of(OrtSession.Result result, int rows) throws OrtException {
        Optional<OnnxValue> prediction = result.get(OnnxExport.PREDICTION);
        // A foreign model names its outputs as it likes: the first is the prediction.
        OnnxValue first = prediction.isPresent() ? prediction.get() : result.get(0);
        Object predictions = flat(((OnnxTensor) first).getValue(), rows);
        Optional<OnnxValue> one = result.get(OnnxExport.PROBABILITY);
        if (one.isPresent()) return new Scores(predictions, new double[][] {doubles(one.get(), rows)});
        int count = 0;
        while (result.get(OnnxExport.PROBABILITY + "_" + count).isPresent()) count++;
        double[][] several = new double[count][];
        for (int i = 0; i < count; i++) {
            several[i] = doubles(result.get(OnnxExport.PROBABILITY + "_" + i).orElseThrow(), rows);
        }
        return new Scores(predictions, several);
    }

    /** The value for a row, in the type the model gives it. */
    public Object prediction(int row) {
        Object value = Array.get(predictions, row);
        if (value instanceof Float single) return (double) single;
        return value instanceof Integer whole ? (Object) (long) whole : value;
    }

    /** How many probabilities a row has: 0 in regression, 1 with two classes. */
    public int probabilities() {
        return probabilities.length;
    }

    /** @param index 0 is the positive class when there is one probability, else the class's index */
    public double probability(int row, int index) {
        return probabilities[index][row];
    }

    private static double[] doubles(OnnxValue value, int rows) throws OrtException {
        Object flat = flat(((OnnxTensor) value).getValue(), rows);
        if (flat instanceof double[] doubles) return doubles;
        double[] wide = new double[rows];
        for (int i = 0; i < rows; i++) wide[i] = Array.getDouble(flat, i);
        return wide;
    }

    /** {@code [N]} as it is, {@code [N, 1]} by its only column. */
    private static Object flat(Object values, int rows) {
        if (!values.getClass().getComponentType().isArray()) return values;
        Object row = Array.get(values, 0);
        Object flat = Array.newInstance(row.getClass().getComponentType(), rows);
        for (int i = 0; i < rows; i++) Array.set(flat, i, Array.get(Array.get(values, i), 0));
        return flat;
    }
}
