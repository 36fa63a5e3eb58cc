package dev.millrace.platform.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * One run's journal on disk: {@code HOME/spool/<run id>/journal.jsonl}, one JSON object a line in the order things were
 * recorded, and {@code artifacts/} beside it. The process that writes it holds a file lock, so that others can tell a
 * live run from one whose process died. A last line cut by a kill is ignored: it was never acknowledged.
 */
final class Spool implements AutoCloseable {
    private static final String JOURNAL = "journal.jsonl";
    /**
     * Locked by the process that writes the journal. A file of its own, and never opened twice in one process: closing
     * any channel of a file gives up all locks that the process has on it (POSIX, {@link FileLock}).
     */
    private static final String LOCK = "lock";

    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel journal;
    private final FileChannel lock;

    private Spool(Path folder, FileChannel journal, FileChannel lock) {
        this.folder = folder;
        this.journal = journal;
        this.lock = lock;
    }

    static Spool create(Path root, String runId) {
        try {
            Path folder = Files.createDirectories(root.resolve(runId));
            return open(folder, true).orElseThrow();
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot write the run's journal below `" + root + "`: " + unwritable.getMessage()
                            + ". Set a writable `--home`.",
                    unwritable);
        }
    }

    /** Takes over the journal of a dead process; empty when its process lives. */
    static Optional<Spool> takeOver(Path folder) {
        try {
            return open(folder, false);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** @param create the journal; otherwise empty when there is none (any more) */
    private static Optional<Spool> open(Path folder, boolean create) throws IOException {
        if (!OURS.add(key(folder))) return Optional.empty();
        FileChannel lock = null;
        boolean opened = false;
        try {
            lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() == null || (!create && Files.notExists(folder.resolve(JOURNAL))))
                return Optional.empty();
            // Not APPEND: Java refuses it together with READ, which the repair of a cut line needs.
            FileChannel journal = FileChannel.open(
                    folder.resolve(JOURNAL),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.READ);
            cutUnfinishedLine(journal);
            opened = true;
            return Optional.of(new Spool(folder, journal, lock));
        } finally {
            if (!opened) {
                if (lock != null) lock.close();
                OURS.remove(key(folder));
            }
        }
    }

    private static Path key(Path folder) {
        return folder.toAbsolutePath().normalize();
    }

    /** Removes a last line that a kill left unfinished, so that what is appended next is a line of its own. */
    private static void cutUnfinishedLine(FileChannel channel) throws IOException {
        long end = channel.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        while (end > 0) {
            last.clear();
            channel.read(last, end - 1);
            if (last.get(0) == '\n') break;
            end--;
        }
        channel.truncate(end);
        channel.position(end);
    }

    /** The folders of runs that are not yet on a server, oldest first. */
    static List<Path> waiting(Path root) {
        if (!Files.isDirectory(root)) return List.of();
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.exists(folder.resolve(JOURNAL)))
                    .sorted(Comparator.comparing(Spool::age).thenComparing(Path::toString))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot list " + root, unreadable);
        }
    }

    private static long age(Path folder) {
        try (Stream<String> lines = Files.lines(folder.resolve(JOURNAL), StandardCharsets.UTF_8)) {
            String first = lines.findFirst().orElse("{}");
            return MlflowHttp.JSON.readTree(first).path("start_time").asLong();
        } catch (IOException | UncheckedIOException cut) {
            return 0;
        }
    }

    Path folder() {
        return folder;
    }

    Path artifacts() {
        return folder.resolve("artifacts");
    }

    /** Appends one line; on disk when this returns, as far as the operating system tells. */
    synchronized void append(ObjectNode entry) {
        ByteBuffer line = ByteBuffer.wrap((entry + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) journal.write(line);
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot write the run's journal in `" + folder + "`: " + unwritable.getMessage(),
                    unwritable);
        }
    }

    /** The entries there are, without a last line that was cut. */
    List<JsonNode> entries() {
        try {
            List<JsonNode> entries = new ArrayList<>();
            for (String line : Files.readString(folder.resolve(JOURNAL), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                try {
                    entries.add(MlflowHttp.JSON.readTree(line));
                } catch (com.fasterxml.jackson.core.JsonProcessingException cut) {
                    break;
                }
            }
            return entries;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read " + folder, unreadable);
        }
    }

    /** Copies a file to {@code artifacts/path}, atomically. */
    void keep(Path file, String path) {
        try {
            Path target = artifacts().resolve(path);
            Files.createDirectories(target.getParent());
            Path part = target.resolveSibling(target.getFileName() + ".part");
            Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot store the artifact `" + path + "` below `" + folder + "`: " + unwritable.getMessage(),
                    unwritable);
        }
    }

    /** Removes the journal once the server has everything; without it the rest is nobody's run any more. */
    void delete() {
        try {
            Files.deleteIfExists(folder.resolve(JOURNAL));
            try (Stream<Path> below = Files.walk(folder)) {
                for (Path path : below.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException | DirectoryNotEmptyException | UncheckedIOException another) {
            // Another process looked at the folder just now; what is left of it holds no journal.
        } catch (IOException left) {
            throw new UncheckedIOException("Cannot remove " + folder, left);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        try {
            journal.close();
            lock.close();
        } catch (IOException alreadyGone) {
            throw new UncheckedIOException("Cannot close " + folder, alreadyGone);
        } finally {
            OURS.remove(key(folder));
        }
    }
}
