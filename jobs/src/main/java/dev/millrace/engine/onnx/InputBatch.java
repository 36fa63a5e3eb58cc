package dev.millrace.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.millrace.engine.onnx.OnnxModel.Input;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Rows waiting to be scored, column by column. Reused for batch after batch: 8 bytes a number, a reference a text. Not
 * thread-safe.
 */
public final class InputBatch {
    private final List<Input> inputs;
    private final int capacity;
    private final double[][] numbers;
    private final String[][] texts;
    private int rows;

    InputBatch(List<Input> inputs, int capacity) {
        this.inputs = inputs;
        this.capacity = capacity;
        this.numbers = new double[inputs.size()][];
        this.texts = new String[inputs.size()][];
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).type() == OnnxModel.Type.TEXT) texts[i] = new String[capacity];
            else numbers[i] = new double[capacity];
        }
    }

    public int rows() {
        return rows;
    }

    public boolean isFull() {
        return rows == capacity;
    }

    /** Forgets all rows. */
    public void clear() {
        rows = 0;
    }

    /** Begins the next row; set all its inputs before the next one. */
    public void nextRow() {
        rows++;
    }

    /** @param value NaN when missing */
    public void number(int input, double value) {
        numbers[input][rows - 1] = value;
    }

    /** @param value null when missing */
    public void text(int input, String value) {
        texts[input][rows - 1] = value == null ? OnnxModel.NULL_TEXT : value;
    }

    /** Copies what has been set for an input; the caller closes it. */
    OnnxTensor tensor(OrtEnvironment environment, int index) throws OrtException {
        Input input = inputs.get(index);
        long[] shape = input.rank() == 1 ? new long[] {rows} : new long[] {rows, 1};
        double[] values = numbers[index];
        return switch (input.type()) {
            case TEXT -> OnnxTensor.createTensor(environment, Arrays.copyOf(texts[index], rows), shape);
            case DOUBLE -> OnnxTensor.createTensor(environment, DoubleBuffer.wrap(values, 0, rows), shape);
            case FLOAT -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats(values)), shape);
            case LONG -> OnnxTensor.createTensor(environment, LongBuffer.wrap(longs(values)), shape);
            case INT -> OnnxTensor.createTensor(environment, IntBuffer.wrap(ints(values)), shape);
            case BOOLEAN -> booleans(environment, values, shape);
        };
    }

    private float[] floats(double[] values) {
        float[] floats = new float[rows];
        for (int i = 0; i < rows; i++) floats[i] = (float) values[i];
        return floats;
    }

    private long[] longs(double[] values) {
        long[] longs = new long[rows];
        for (int i = 0; i < rows; i++) longs[i] = (long) values[i];
        return longs;
    }

    private int[] ints(double[] values) {
        int[] ints = new int[rows];
        for (int i = 0; i < rows; i++) ints[i] = (int) values[i];
        return ints;
    }

    private OnnxTensor booleans(OrtEnvironment environment, double[] values, long[] shape) throws OrtException {
        if (shape.length == 1) {
            boolean[] flags = new boolean[rows];
            for (int i = 0; i < rows; i++) flags[i] = values[i] != 0;
            return OnnxTensor.createTensor(environment, flags);
        }
        boolean[][] flags = new boolean[rows][1];
        for (int i = 0; i < rows; i++) flags[i][0] = values[i] != 0;
        return OnnxTensor.createTensor(environment, flags);
    }
}
