package dev.millrace.engine.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The models open in this JVM, one session per digest. An executor runs many tasks of one model and then of another;
 * opening a session per task costs more than a batch. Process-wide on purpose: there is no object that lives as long as
 * an executor. The {@value #KEPT} models used last stay open; others are closed when their last user ends.
 */
public final class OnnxModels {
    /** A job uses one model, a retraining two; a long-lived executor sees many. */
    static final int KEPT = 4;

    private static final LinkedHashMap<String, Entry> OPEN = new LinkedHashMap<>(16, 0.75f, true);

    private OnnxModels() {}

    private static final class Entry {
        private final OnnxModel model;
        private int users;

        Entry(OnnxModel model) {
            this.model = model;
        }
    }

    /** A model in use; it stays open until this is closed. */
    public static final class Use implements AutoCloseable {
        private final Entry entry;
        private boolean closed;

        private Use(Entry entry) {
            this.entry = entry;
        }

        public OnnxModel model() {
            return entry.model;
        }

        @Override
        public void close() {
            synchronized (OPEN) {
                if (closed) return;
                closed = true;
                entry.users--;
                closeIdle();
            }
        }
    }

    /**
     * The session of these bytes, opened at the first call.
     *
     * @param digest of {@code bytes}
     */
    public static Use use(String digest, byte[] bytes) {
        synchronized (OPEN) {
            Entry entry = OPEN.get(digest);
            if (entry == null) {
                entry = new Entry(OnnxModel.open(bytes));
                OPEN.put(digest, entry);
            }
            entry.users++;
            closeIdle();
            return new Use(entry);
        }
    }

    /** What {@code reading} gives of a model, which may be closed afterwards. */
    public static <T> T with(String digest, byte[] bytes, Function<OnnxModel, T> reading) {
        try (Use use = use(digest, bytes)) {
            return reading.apply(use.model());
        }
    }

    /** How many sessions are open. */
    static int open() {
        synchronized (OPEN) {
            return OPEN.size();
        }
    }

    /** Closes the models used longest ago that nobody uses, down to {@link #KEPT}. */
    private static void closeIdle() {
        var eldest = OPEN.entrySet().iterator();
        int tooMany = OPEN.size() - KEPT;
        while (tooMany > 0 && eldest.hasNext()) {
            Map.Entry<String, Entry> next = eldest.next();
            if (next.getValue().users > 0) continue;
            next.getValue().model.close();
            eldest.remove();
            tooMany--;
        }
    }
}
