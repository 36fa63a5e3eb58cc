package dev.millrace.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.lang.reflect.Array;
import java.util.Arrays;
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
        Object predictions = widened(flat(((OnnxTensor) first).getValue(), rows));
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
        if (predictions instanceof double[] numbers) return numbers[row];
        if (predictions instanceof long[] wholes) return wholes[row];
        if (predictions instanceof boolean[] flags) return flags[row];
        if (predictions instanceof Object[] texts) return texts[row];
        throw new AssertionError(predictions.getClass());
    }

    /** The prediction of a model of amounts or fractions; whole numbers of a foreign model are amounts too. */
    public double amount(int row) {
        if (predictions instanceof double[] numbers) return numbers[row];
        if (predictions instanceof long[] wholes) return (double) wholes[row];
        throw another("a number");
    }

    /** The prediction of a model whose classes are whole numbers. */
    public long whole(int row) {
        if (predictions instanceof long[] wholes) return wholes[row];
        throw another("an integer");
    }

    /** The prediction of a model whose classes are true and false. */
    public boolean flag(int row) {
        if (predictions instanceof boolean[] flags) return flags[row];
        throw another("a boolean");
    }

    /** The prediction of a model whose classes are texts. */
    public String text(int row) {
        if (predictions instanceof Object[] texts) return (String) texts[row];
        throw another("a string");
    }

    private MillraceException another(String wanted) {
        return new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "The model predicts "
                        + predictions.getClass().getComponentType().getSimpleName() + ", not " + wanted
                        + " as specified in its MLmodel file. Use a model whose signature matches its graph.");
    }

    /** How many probabilities a row has: 0 in regression, 1 with two classes. */
    public int probabilities() {
        return probabilities.length;
    }

    /** @param index 0 is the positive class when there is one probability, else the class's index */
    public double probability(int row, int index) {
        return probabilities[index][row];
    }

    /** Numbers as double[] or long[]: a row's value is read without reflection. */
    private static Object widened(Object values) {
        if (values instanceof float[] singles) {
            double[] wide = new double[singles.length];
            for (int i = 0; i < wide.length; i++) wide[i] = singles[i];
            return wide;
        }
        if (values instanceof int[] ints)
            return Arrays.stream(ints).asLongStream().toArray();
        return values;
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
