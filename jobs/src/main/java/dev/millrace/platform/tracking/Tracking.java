package dev.millrace.platform.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Begins runs, brings over those that had to wait, and gives the model registry. Thread-safe. */
public final class Tracking {
    /** How long the end of a process waits for a run that is just beginning. */
    private static final long WAIT_SECONDS = 2;

    private final Optional<ServerLocation> location;
    private final Optional<MlflowHttp> server;
    private final Home home;
    private final Clock clock;
    private final Supplier<String> ids;
    private final Set<JournaledRun> open = ConcurrentHashMap.newKeySet();
    private final Set<String> killed = ConcurrentHashMap.newKeySet();
    private volatile BooleanSupplier stopped = () -> false;
    /** Read: while a run begins; write: once none begins any more. */
    private final ReentrantReadWriteLock starting = new ReentrantReadWriteLock();

    private volatile boolean closed;

    /** @param ids gives run ids, 32 hex digits each */
    public Tracking(Optional<ServerLocation> location, Home home, Clock clock, Supplier<String> ids) {
        this.location = location;
        this.server = location.map(MlflowHttp::new);
        this.home = home;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What a run is made with.
     *
     * @param id 32 hex digits, or empty for a new one
     * @param required whether the job fails when the server cannot be reached
     */
    public record Start(
            Optional<String> id,
            String experiment,
            String name,
            String user,
            Map<String, String> tags,
            boolean required) {
        public Start {
            tags = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        }
    }

    /** A run with the address of its page, when the server took it. */
    public record Started(Run run, Optional<String> url) {}

    public String newId() {
        return ids.get();
    }

    public Optional<String> uri() {
        return location.map(ServerLocation::uri);
    }

    /**
     * Begins a run: in the journal first, then on the server when there is one.
     *
     * @throws MillraceException REGISTRY_UNREACHABLE only when {@code required}
     */
    public Started start(Start start) {
        starting.readLock().lock();
        try {
            if (closed) throw new IllegalStateException("The process is ending: no run begins any more.");
            return begun(start);
        } finally {
            starting.readLock().unlock();
        }
    }

    private Started begun(Start start) {
        String id = start.id().orElseGet(ids);
        Spool spool = Spool.create(home.spool(), id);
        ObjectNode create = MlflowHttp.JSON.createObjectNode();
        create.put("op", "create").put("run_id", id).put("experiment", start.experiment());
        create.put("name", start.name()).put("user", start.user()).put("start_time", clock.millis());
        uri().ifPresent(uri -> create.put("server", uri));
        ArrayNode tags = create.putArray("tags");
        Map<String, String> all = new LinkedHashMap<>(start.tags());
        all.put("millrace.run_id", id);
        all.put("mlflow.user", start.user());
        all.put("mlflow.runName", start.name());
        all.forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
        spool.append(create);

        Optional<Replay> replay = Optional.empty();
        Optional<String> url = Optional.empty();
        if (server.isPresent()) {
            Replay live = new Replay(server.get(), spool.artifacts());
            try {
                live.send(List.of(create));
                replay = Optional.of(live);
                url = Optional.of(pageOf(live));
            } catch (MillraceException unreachable) {
                if (start.required()) {
                    spool.delete();
                    throw unreachable;
                }
                warn(unreachable.getMessage());
            } catch (MlflowHttp.Refused refused) {
                if (!refused.isOutOfOrder() || start.required()) {
                    spool.delete();
                    throw new MillraceException(
                            refused.isOutOfOrder() ? ErrorKind.REGISTRY_UNREACHABLE : ErrorKind.CONFIG,
                            "The registry rejected the run: " + refused.getMessage(),
                            refused);
                }
                warn("The registry failed: " + refused.getMessage());
            }
        } else if (start.required()) {
            spool.delete();
            throw new MillraceException(
                    ErrorKind.REGISTRY_UNREACHABLE,
                    "`tracking.required` is true, but no registry is configured. Start one with"
                            + " `scripts/registry start`, or set `tracking.uri`.");
        }
        JournaledRun run = new JournaledRun(
                id, spool, clock, replay, name -> child(start, id, name), this::asItEnds, open::remove);
        open.add(run);
        return new Started(run, url);
    }

    /**
     * Ends every run of this process that has not ended, trials too, as KILLED. For a process that is asked to end: no
     * run begins afterwards.
     *
     * @return the ids of all runs of this process that ended as KILLED
     */
    public List<String> killOpen() {
        closed = true;
        killEach();
        try {
            if (starting.writeLock().tryLock(WAIT_SECONDS, TimeUnit.SECONDS)) {
                starting.writeLock().unlock();
                killEach(); // those that were just beginning
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return killed.stream().sorted().toList();
    }

    private void killEach() {
        for (JournaledRun run : open) {
            run.end(RunStatus.KILLED);
        }
    }

    /** Runs that fail once Spark is stopped under them end as KILLED. */
    public void watch(BooleanSupplier sparkIsStopped) {
        stopped = sparkIsStopped;
    }

    private RunStatus asItEnds(JournaledRun run, RunStatus status) {
        RunStatus actual = status == RunStatus.FAILED && stopped.getAsBoolean() ? RunStatus.KILLED : status;
        if (actual == RunStatus.KILLED) killed.add(run.id());
        return actual;
    }

    private Run child(Start parent, String parentId, String name) {
        Map<String, String> tags = new LinkedHashMap<>(parent.tags());
        tags.put(Replay.PARENT, parentId);
        return start(new Start(Optional.empty(), parent.experiment(), name, parent.user(), tags, false))
                .run();
    }

    private String pageOf(Replay live) {
        return uri().orElseThrow() + "/#/experiments/" + live.experimentId() + "/runs/" + live.serverRunId();
    }

    /** The registry; its calls throw REGISTRY_UNREACHABLE when there is none. */
    public ModelRegistry registry() {
        return new MlflowRegistry(server, home);
    }

    /** Whether a server is known and answers. */
    public boolean reachable() {
        try {
            return server.isPresent() && server.get().get("experiments/get", Map.of("experiment_id", "0")) != null;
        } catch (MillraceException unreachable) {
            return false;
        } catch (MlflowHttp.Refused answered) {
            return !answered.isOutOfOrder();
        }
    }

    /** @throws MillraceException REGISTRY_UNREACHABLE when no server is known or it does not answer */
    public void requireReachable(String job) {
        if (server.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.REGISTRY_UNREACHABLE,
                    "`" + job
                            + "` requires the registry, but none is configured. Start one with `scripts/registry"
                            + " start`, or set `tracking.uri` or MLFLOW_TRACKING_URI.");
        }
        try {
            server.get().get("experiments/get", Map.of("experiment_id", "0"));
        } catch (MlflowHttp.Refused answered) {
            if (!answered.isOutOfOrder()) return; // it said no to this question, so it is there
            throw new MillraceException(
                    ErrorKind.REGISTRY_UNREACHABLE,
                    "`" + job + "` requires the registry, which failed: " + answered.getMessage(),
                    answered);
        }
    }

    /**
     * Closes the runs of {@code job} whose process died: they end as KILLED, on the server too when it answers.
     *
     * @return their ids
     */
    public List<String> closeDead(String job) {
        List<String> closed = new ArrayList<>();
        for (Path folder : Spool.waiting(home.spool())) {
            Optional<Spool> dead = Spool.takeOver(folder);
            if (dead.isEmpty()) continue;
            try (Spool spool = dead.get()) {
                List<JsonNode> entries = spool.entries();
                boolean ended = !entries.isEmpty()
                        && entries.get(entries.size() - 1).path("op").asText().equals("end");
                if (ended || entries.isEmpty() || !isOf(job, entries.get(0))) continue;
                spool.append(MlflowHttp.JSON
                        .createObjectNode()
                        .put("op", "end")
                        .put("status", RunStatus.KILLED.name())
                        .put("end_time", clock.millis()));
                closed.add(folder.getFileName().toString());
            }
        }
        if (!closed.isEmpty() && reachable()) syncIfPossible();
        return closed;
    }

    /** A job that only wants to record must not fail on what others left. */
    private void syncIfPossible() {
        try {
            sync();
        } catch (MillraceException later) {
            warn("Saved runs were not sent; run `millrace sync` to try again. " + later.getMessage());
        }
    }

    private static boolean isOf(String job, JsonNode create) {
        for (JsonNode tag : create.path("tags")) {
            if (tag.path("key").asText().equals("millrace.job")) {
                return tag.path("value").asText().equals(job);
            }
        }
        return false;
    }

    /**
     * What a sync did.
     *
     * @param sent run ids brought over
     * @param live runs left alone because their process still writes
     */
    public record Synced(List<String> sent, List<String> live) {}

    /**
     * Brings every waiting run to the server, in order, each once, and removes its journal. May be killed anywhere and
     * begun again; one at a time per home.
     *
     * @throws MillraceException REGISTRY_UNREACHABLE; CONFLICT when another sync is running
     */
    public Synced sync() {
        if (server.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.REGISTRY_UNREACHABLE,
                    "No registry is configured. Start one with `scripts/registry start`, or set MLFLOW_TRACKING_URI.");
        }
        ModelStore.makeFolder(home.spool());
        try (FileChannel channel = FileChannel.open(
                        home.spool().resolve(".sync.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) throw alreadyRunning();
            return syncLocked();
        } catch (OverlappingFileLockException sameProcess) {
            throw alreadyRunning();
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot lock `" + home.spool() + "`: " + unwritable.getMessage(),
                    unwritable);
        }
    }

    private static MillraceException alreadyRunning() {
        return new MillraceException(
                ErrorKind.CONFLICT,
                "Another `millrace sync` uses this home directory. Wait until it ends, then run it again.");
    }

    private Synced syncLocked() {
        List<String> sent = new ArrayList<>();
        List<String> live = new ArrayList<>();
        for (Path folder : Spool.waiting(home.spool())) {
            String id = folder.getFileName().toString();
            Optional<Spool> free = Spool.takeOver(folder);
            if (free.isEmpty()) {
                live.add(id);
                continue;
            }
            try (Spool spool = free.get()) {
                List<JsonNode> entries = spool.entries();
                if (entries.isEmpty()) {
                    spool.delete(); // killed before its first line: there is no run
                    continue;
                }
                new Replay(server.orElseThrow(), spool.artifacts()).send(withEnd(entries));
                spool.delete();
                sent.add(id);
            } catch (MlflowHttp.Refused refused) {
                stays(folder, refused);
            } catch (MillraceException | IllegalStateException unsendable) {
                boolean down =
                        unsendable instanceof MillraceException ours && ours.kind() == ErrorKind.REGISTRY_UNREACHABLE;
                if (down) throw unsendable;
                stays(folder, unsendable);
            }
        }
        return new Synced(sent, live);
    }

    private static void stays(Path folder, RuntimeException reason) {
        warn("The run " + folder.getFileName() + " could not be sent: " + reason.getMessage() + " It stays in " + folder
                + ".");
    }

    /** The entries, ended as KILLED when the process died before it could say how the run ended. */
    private List<JsonNode> withEnd(List<JsonNode> entries) {
        if (entries.get(entries.size() - 1).path("op").asText().equals("end")) return entries;
        List<JsonNode> all = new ArrayList<>(entries);
        all.add(MlflowHttp.JSON
                .createObjectNode()
                .put("op", "end")
                .put("status", RunStatus.KILLED.name())
                .put("end_time", clock.millis()));
        return all;
    }

    /** How many runs wait for {@link #sync}. */
    public int waiting() {
        return Files.isDirectory(home.spool()) ? Spool.waiting(home.spool()).size() : 0;
    }

    private static void warn(String message) {
        org.slf4j.LoggerFactory.getLogger(Tracking.class).warn(message);
    }
}
