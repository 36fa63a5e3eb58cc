package dev.millrace.platform.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that writes every record to its {@link Spool} and lets a background thread carry it to the server, about once a
 * second, so that people see a run live. When the server cannot be reached the spool stays for {@code sync}.
 */
final class JournaledRun implements Run {
    private static final Logger LOG = LoggerFactory.getLogger(JournaledRun.class);
    private static final long PERIOD_MILLIS = 1000;
    /** MLflow refuses longer params and tags. */
    private static final int MAX_VALUE = 5000;

    private final String id;
    private final Spool spool;
    private final Clock clock;
    private final Optional<Replay> replay;
    private final Function<String, Run> children;
    private final BiFunction<JournaledRun, RunStatus, RunStatus> statuses;
    private final Consumer<JournaledRun> whenEnded;
    private final Thread sender;
    private final Object sending = new Object();
    private final List<JsonNode> waiting = new ArrayList<>(); // guarded by itself
    private final AtomicBoolean ending = new AtomicBoolean();
    private final Map<String, Integer> driftParts = new ConcurrentHashMap<>();
    private volatile boolean ended;
    private volatile boolean lost;

    /**
     * @param statuses gives the status that is recorded for the one that the run is ended with
     * @param whenEnded told once, when the run ends
     */
    JournaledRun(
            String id,
            Spool spool,
            Clock clock,
            Optional<Replay> replay,
            Function<String, Run> children,
            BiFunction<JournaledRun, RunStatus, RunStatus> statuses,
            Consumer<JournaledRun> whenEnded) {
        this.statuses = statuses;
        this.whenEnded = whenEnded;
        this.id = id;
        this.spool = spool;
        this.clock = clock;
        this.replay = replay;
        this.children = children;
        this.sender = new Thread(this::carry, "millrace-tracking-" + id.substring(0, 8));
        sender.setDaemon(true);
        if (replay.isPresent()) sender.start();
    }

    @Override
    public String id() {
        return id;
    }

    void record(ObjectNode entry) {
        if (ended) return;
        spool.append(entry);
        synchronized (waiting) {
            waiting.add(entry);
        }
    }

    @Override
    public void param(String key, Object value) {
        record(entry("param").put("key", key).put("value", cut(String.valueOf(value))));
    }

    @Override
    public void metric(String key, double value) {
        metric(key, value, 0);
    }

    @Override
    public void metric(String key, double value, long step) {
        ObjectNode entry = entry("metric").put("key", key);
        // MLflow's JSON has no non-finite numbers; its clients send these texts.
        if (Double.isNaN(value)) entry.put("value", "NaN");
        else if (Double.isInfinite(value)) entry.put("value", value > 0 ? "Infinity" : "-Infinity");
        else entry.put("value", value);
        record(entry.put("timestamp", clock.millis()).put("step", step));
    }

    @Override
    public void tag(String key, String value) {
        record(entry("tag").put("key", key).put("value", cut(value)));
    }

    @Override
    public void dataset(String name, String digest, String sourceType, String source, String schema, String context) {
        record(entry("dataset")
                .put("name", name)
                .put("digest", digest)
                .put("source_type", sourceType)
                .put("source", source)
                .put("schema", schema)
                .put("context", context));
    }

    @Override
    public void artifact(Path file, String directory) {
        String name = file.getFileName().toString();
        keep(file, directory.isEmpty() ? name : directory + "/" + name);
    }

    private void keep(Path file, String path) {
        if (ended) return;
        spool.keep(file, path);
        record(entry("artifact").put("path", path));
    }

    @Override
    public void artifactText(String path, String text) {
        try {
            Path temporary = Files.createTempFile("millrace-", ".artifact");
            try {
                Files.writeString(temporary, text);
                keep(temporary, path);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException full) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot write the artifact `" + path + "`: " + full.getMessage(),
                    full);
        }
    }

    @Override
    public void artifactDirectory(Path folder, String path) {
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path file : below.filter(Files::isRegularFile).sorted().toList()) {
                String relative = folder.relativize(file).toString().replace('\\', '/');
                keep(file, path.isEmpty() ? relative : path + "/" + relative);
            }
        } catch (IOException unreadable) {
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE, "Cannot read `" + folder + "`: " + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public void drift(String model, String version, long windowStartMillis, String json) {
        if (ended) return;
        String name = "drift/" + model + "-" + version + "-" + windowStartMillis;
        int part = driftParts.merge(name, 1, Integer::sum);
        String artifact = name + (part == 1 ? "" : "-" + part) + ".json";
        try {
            Path temporary = Files.createTempFile("millrace-", ".drift");
            Files.writeString(temporary, json);
            spool.keep(temporary, artifact);
            Files.deleteIfExists(temporary);
        } catch (IOException full) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE, "Cannot write `" + artifact + "`: " + full.getMessage(), full);
        }
        record(entry("drift")
                .put("model", model)
                .put("version", version)
                .put("window_start", windowStartMillis)
                .put("artifact", artifact)
                .put("body", json));
    }

    @Override
    public Run child(String name) {
        return children.apply(name);
    }

    @Override
    public void end(RunStatus status) {
        if (!ending.compareAndSet(false, true)) return; // the job's thread and a shutdown hook may come at once
        RunStatus recorded = statuses.apply(this, status);
        whenEnded.accept(this);
        record(entry("end").put("status", recorded.name()).put("end_time", clock.millis()));
        synchronized (waiting) {
            ended = true;
            // Not an interrupt: it would cut off what is being sent, which would then look lost.
            waiting.notifyAll();
        }
        carryOnce();
        if (replay.isPresent() && !lost) spool.delete();
        else spool.close();
    }

    /** Whether everything recorded so far is on the server. */
    boolean isOnServer() {
        return replay.isPresent() && !lost;
    }

    private void carry() {
        while (!ended && !lost) {
            synchronized (waiting) {
                try {
                    if (!ended) waiting.wait(PERIOD_MILLIS);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            carryOnce();
        }
    }

    private void carryOnce() {
        if (replay.isEmpty() || lost) return;
        synchronized (sending) {
            List<JsonNode> now;
            synchronized (waiting) {
                now = List.copyOf(waiting);
                waiting.clear();
            }
            if (now.isEmpty()) return;
            try {
                replay.get().send(now);
            } catch (MillraceException unreachable) {
                giveUp(unreachable);
            } catch (MlflowHttp.Refused refused) {
                giveUp(refused);
            }
        }
    }

    private void giveUp(RuntimeException reason) {
        lost = true;
        LOG.warn(
                "{} The run {} is saved in {}; send it with `scripts/millrace sync`.",
                reason.getMessage(),
                id,
                spool.folder());
    }

    private static String cut(String value) {
        return value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE - 1) + "…";
    }

    private static ObjectNode entry(String op) {
        return MlflowHttp.JSON.createObjectNode().put("op", op);
    }
}
