package dev.millrace.engine.onnx;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models open in this JVM, one session per digest. An executor runs many tasks of one model and then of another;
 * opening a session per task costs more than a batch. Process-wide on purpose: there is no object that lives as long as
 * an executor. Sessions stay open until the JVM ends.
 */
public final class OnnxModels {
    private static final Map<String, OnnxModel> OPEN = new ConcurrentHashMap<>();

    private OnnxModels() {}

    /**
     * The session of these bytes, opened at the first call.
     *
     * @param digest of {@code model}
     */
    public static OnnxModel shared(String digest, byte[] model) {
        return OPEN.computeIfAbsent(digest, unseen -> OnnxModel.open(model));
    }
}
