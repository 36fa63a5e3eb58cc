package dev.millrace.engine.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model ready to run. One native session, which threads share: ONNX Runtime's {@code run} is thread-safe. It
 * uses no threads of its own, because Spark owns the cores.
 */
public final class OnnxModel implements AutoCloseable {
    /** Stands for a missing text: a Java null in a text tensor kills the JVM. */
    public static final String NULL_TEXT = "__millrace_null__";

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<Input> inputs;

    /**
     * @param type what a batch holds for this input
     * @param rank 1 for {@code [N]}, 2 for {@code [N, 1]}
     */
    public record Input(String name, Type type, int rank) {}

    /** What an input takes; whole and single-precision numbers are given as doubles and turned here. */
    public enum Type {
        DOUBLE,
        FLOAT,
        LONG,
        INT,
        BOOLEAN,
        TEXT
    }

    private OnnxModel(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.inputs = inputsOf(session);
    }

    /** @throws MillraceException MODEL_UNUSABLE when these are not the bytes of a model this runtime can run */
    public static OnnxModel open(byte[] model) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            return new OnnxModel(environment, environment.createSession(model, options));
        } catch (OrtException refused) {
            throw new MillraceException(
                    ErrorKind.MODEL_UNUSABLE,
                    "ONNX Runtime cannot use this model: " + refused.getMessage()
                            + " Retrain the model, or score it with" + " `engine: spark`.",
                    refused);
        }
    }

    /** The raw columns it wants, in the model's order. */
    public List<Input> inputs() {
        return inputs;
    }

    /** Room for {@code capacity} rows; use one per thread, over and over. */
    public InputBatch batch(int capacity) {
        return new InputBatch(inputs, capacity);
    }

    /**
     * Scores the rows of a batch.
     *
     * @throws MillraceException MODEL_UNUSABLE when the runtime fails
     */
    public Scores run(InputBatch batch) {
        if (batch.rows() == 0) return Scores.NONE;
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (int i = 0; i < inputs.size(); i++) {
                tensors.put(inputs.get(i).name(), batch.tensor(environment, i));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                return Scores.of(result, batch.rows());
            }
        } catch (OrtException failed) {
            throw new MillraceException(
                    ErrorKind.MODEL_UNUSABLE, "ONNX Runtime failed on a batch: " + failed.getMessage(), failed);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static List<Input> inputsOf(OrtSession session) throws OrtException {
        List<Input> inputs = new ArrayList<>();
        for (NodeInfo info : session.getInputInfo().values()) {
            if (!(info.getInfo() instanceof TensorInfo tensor)) throw unusable(info, "is not a tensor");
            int rank = tensor.getShape().length;
            boolean column = rank == 1 || (rank == 2 && Math.abs(tensor.getShape()[1]) == 1);
            if (!column) throw unusable(info, "has the shape " + java.util.Arrays.toString(tensor.getShape()));
            Type type =
                    switch (tensor.type) {
                        case DOUBLE -> Type.DOUBLE;
                        case FLOAT -> Type.FLOAT;
                        case INT64 -> Type.LONG;
                        case INT32 -> Type.INT;
                        case BOOL -> Type.BOOLEAN;
                        case STRING -> Type.TEXT;
                        case INT8, INT16, UINT8, FLOAT16, BFLOAT16, UNKNOWN ->
                            throw unusable(info, "holds " + tensor.type);
                    };
            inputs.add(new Input(info.getName(), type, rank));
        }
        return List.copyOf(inputs);
    }

    private static MillraceException unusable(NodeInfo info, String reason) {
        return new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "The model's input `" + info.getName() + "` " + reason
                        + "; inputs must be columns ([N] or [N, 1]) of numbers, booleans or strings.");
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException failed) {
            throw new IllegalStateException("The session could not be closed", failed);
        }
    }
}
