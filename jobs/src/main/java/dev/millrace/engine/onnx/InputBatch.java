package dev.millrace.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.millrace.engine.onnx.OnnxModel.Input;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Rows waiting to be scored, column by column, in memory that the runtime reads without a copy. Reused for batch after
 * batch: 8 bytes a number, a reference a text. Not thread-safe.
 */
public final class InputBatch {
    private final List<Input> inputs;
    private final int capacity;
    private final Object[] columns;
    private int rows;

    InputBatch(List<Input> inputs, int capacity) {
        this.inputs = inputs;
        this.capacity = capacity;
        this.columns =
                inputs.stream().map(input -> column(input.type(), capacity)).toArray();
    }

    private static Object column(OnnxModel.Type type, int capacity) {
        return switch (type) {
            case TEXT -> new String[capacity];
            case DOUBLE -> direct(capacity, 8).asDoubleBuffer();
            case FLOAT -> direct(capacity, 4).asFloatBuffer();
            case LONG -> direct(capacity, 8).asLongBuffer();
            case INT -> direct(capacity, 4).asIntBuffer();
            case BOOLEAN -> direct(capacity, 1);
        };
    }

    private static ByteBuffer direct(int capacity, int bytes) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(capacity, bytes)).order(ByteOrder.nativeOrder());
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

    /**
     * @param value NaN when missing
     * @throws MillraceException MODEL_UNUSABLE when the input takes whole numbers or booleans and this is none
     */
    public void number(int input, double value) {
        OnnxModel.Type type = inputs.get(input).type();
        if (type == OnnxModel.Type.DOUBLE) ((DoubleBuffer) columns[input]).put(rows - 1, value);
        else if (type == OnnxModel.Type.FLOAT) ((FloatBuffer) columns[input]).put(rows - 1, (float) value);
        else if (value == Math.rint(value) && Math.abs(value) < 0x1p63) whole(input, (long) value);
        else throw refused(input, Double.isNaN(value) ? "missing" : String.valueOf(value));
    }

    /**
     * A whole number, which reaches an input of whole numbers without a detour by a double.
     *
     * @throws MillraceException MODEL_UNUSABLE when the input's type cannot hold it
     */
    public void whole(int input, long value) {
        switch (inputs.get(input).type()) {
            case DOUBLE, FLOAT -> number(input, (double) value);
            case LONG -> ((LongBuffer) columns[input]).put(rows - 1, value);
            case INT -> {
                if (value != (int) value) throw refused(input, String.valueOf(value));
                ((IntBuffer) columns[input]).put(rows - 1, (int) value);
            }
            case BOOLEAN -> {
                if (value != 0 && value != 1) throw refused(input, String.valueOf(value));
                ((ByteBuffer) columns[input]).put(rows - 1, (byte) value);
            }
            case TEXT ->
                throw new IllegalArgumentException("`" + inputs.get(input).name() + "` accepts strings");
        }
    }

    /** @throws MillraceException MODEL_UNUSABLE when the input cannot be missing */
    public void missing(int input) {
        if (inputs.get(input).type() == OnnxModel.Type.TEXT) text(input, null);
        else number(input, Double.NaN);
    }

    private MillraceException refused(int input, String value) {
        Input refused = inputs.get(input);
        String wanted = refused.type() == OnnxModel.Type.BOOLEAN ? "true or false" : "an integer";
        return new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "The model's input `" + refused.name() + "` requires " + wanted + ", and a row has " + value
                        + ". Leave out such rows, or replace the value.");
    }

    /** @param value null when missing */
    public void text(int input, String value) {
        ((String[]) columns[input])[rows - 1] = value == null ? OnnxModel.NULL_TEXT : value;
    }

    /** What has been set for an input; the caller closes it before the next row is set. */
    OnnxTensor tensor(OrtEnvironment environment, int index) throws OrtException {
        Input input = inputs.get(index);
        long[] shape = input.rank() == 1 ? new long[] {rows} : new long[] {rows, 1};
        return switch (input.type()) {
            case TEXT -> OnnxTensor.createTensor(environment, Arrays.copyOf((String[]) columns[index], rows), shape);
            case DOUBLE ->
                OnnxTensor.createTensor(
                        environment, ((DoubleBuffer) columns[index]).duplicate().limit(rows), shape);
            case FLOAT ->
                OnnxTensor.createTensor(
                        environment, ((FloatBuffer) columns[index]).duplicate().limit(rows), shape);
            case LONG ->
                OnnxTensor.createTensor(
                        environment, ((LongBuffer) columns[index]).duplicate().limit(rows), shape);
            case INT ->
                OnnxTensor.createTensor(
                        environment, ((IntBuffer) columns[index]).duplicate().limit(rows), shape);
            case BOOLEAN ->
                OnnxTensor.createTensor(
                        environment, ((ByteBuffer) columns[index]).duplicate().limit(rows), shape, OnnxJavaType.BOOL);
        };
    }
}
