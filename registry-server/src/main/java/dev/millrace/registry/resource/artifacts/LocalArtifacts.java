package dev.millrace.registry.resource.artifacts;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files below one folder of the local disk. A write goes to a file of its own beside the tree, is synced, and then takes
 * its name at once: readers see the old file or the new one, and a 2xx means it is on disk. Nothing outside the folder
 * can be named, symbolic links included. Thread-safe.
 */
final class LocalArtifacts implements ArtifactStore {
    private static final int BUFFER = 1 << 16;

    private final Path root;
    private final Path incoming;

    private LocalArtifacts(Path root, Path incoming) {
        this.root = root;
        this.incoming = incoming;
    }

    /**
     * Makes the folders, and clears what a killed server left half received.
     *
     * @param home {@code HOME/registry}
     */
    static LocalArtifacts open(Path home) {
        LocalArtifacts store = beside(home);
        try (Stream<Path> left = Files.list(store.incoming)) {
            for (Path file : left.toList()) Files.deleteIfExists(file);
        } catch (IOException denied) {
            throw unwritable(denied);
        }
        return store;
    }

    /**
     * For a command beside a server that may be running: leaves what that one is receiving.
     *
     * @param home {@code HOME/registry}
     */
    static LocalArtifacts beside(Path home) {
        try {
            return new LocalArtifacts(
                    Files.createDirectories(home.resolve("artifacts")).toRealPath(),
                    Files.createDirectories(home.resolve("incoming")).toRealPath());
        } catch (IOException denied) {
            throw unwritable(denied);
        }
    }

    @Override
    public void put(String path, InputStream content) throws IOException {
        Path target = resolved(path);
        if (target.equals(root)) throw MillraceException.invalid("Invalid path");
        Path received = Files.createTempFile(incoming, "put-", "");
        try {
            receive(content, received);
            move(received, target, path);
        } finally {
            Files.deleteIfExists(received);
        }
    }

    /** Writes and syncs a file. */
    static void receive(InputStream content, Path received) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (FileChannel channel = FileChannel.open(received, StandardOpenOption.WRITE)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                var bytes = java.nio.ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) write(channel, bytes);
            }
            channel.force(true);
        }
    }

    /** Tells the disk's failures from the client's. */
    private static void write(FileChannel channel, java.nio.ByteBuffer bytes) {
        try {
            channel.write(bytes);
        } catch (IOException full) {
            throw unwritable(full);
        }
    }

    private void move(Path received, Path target, String path) {
        try {
            Files.createDirectories(target.getParent());
            requireInside(target.getParent());
            if (Files.isDirectory(target)) throw new FileAlreadyExistsException(path);
            Files.move(received, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(target.getParent());
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException taken) {
            throw MillraceException.invalid(
                    "`" + path + "` cannot be written: it is a folder, or lies below a file. Choose another path.");
        } catch (FileSystemException refused) {
            if (isBelowFile(target)) {
                throw MillraceException.invalid("`" + path + "` cannot be written: it lies below a file.");
            }
            throw unwritable(refused);
        } catch (IOException refused) {
            throw unwritable(refused);
        }
    }

    private boolean isBelowFile(Path target) {
        for (Path at = target.getParent(); at.startsWith(root); at = at.getParent()) {
            if (Files.isRegularFile(at)) return true;
        }
        return false;
    }

    /** So that the name, too, survives a power cut. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<StoredFile> find(String path) {
        Path file = resolved(path);
        try {
            requireInside(file);
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw MillraceException.invalid("Artifact path refers to a directory, not a file: '" + path + "'");
            }
            if (!attributes.isRegularFile()) return Optional.empty();
            return Optional.of(new StoredFile(
                    offset -> opened(file, offset),
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (FileSystemException belowFile) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public List<FileInfo> list(String path) {
        Path folder = resolved(path);
        if (!Files.isDirectory(folder)) return List.of();
        List<FileInfo> found = new ArrayList<>();
        try (Stream<Path> children = Files.list(folder)) {
            requireInside(folder);
            for (Path child : children.sorted().toList()) info(child).ifPresent(found::add);
        } catch (NoSuchFileException deleted) {
            return List.of();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found;
    }

    private static InputStream opened(Path file, long offset) throws IOException {
        InputStream in = Files.newInputStream(file);
        in.skipNBytes(offset);
        return in;
    }

    private static Optional<FileInfo> info(Path child) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(child, BasicFileAttributes.class);
            String name = child.getFileName().toString();
            if (attributes.isDirectory()) return Optional.of(new FileInfo(name, true, Optional.empty()));
            return Optional.of(new FileInfo(name, false, Optional.of(attributes.size())));
        } catch (NoSuchFileException deleted) {
            return Optional.empty();
        }
    }

    @Override
    public void delete(String path) {
        Path target = resolved(path);
        if (target.equals(root)) throw MillraceException.invalid("Invalid path");
        if (!Files.exists(target)) return;
        try {
            requireInside(target);
            Files.walkFileTree(target, new Deleting());
        } catch (IOException denied) {
            throw unwritable(denied);
        }
    }

    private static final class Deleting extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
            if (failed != null) throw failed;
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }

    private Path resolved(String path) {
        Path resolved = root.resolve(SafePath.require(path)).normalize();
        if (!resolved.startsWith(root)) throw MillraceException.invalid("Invalid path");
        return resolved;
    }

    /** Symbolic links may not lead out. */
    private void requireInside(Path existing) throws IOException {
        if (!existing.toRealPath().startsWith(root)) throw MillraceException.invalid("Invalid path");
    }

    private static MillraceException unwritable(IOException cause) {
        return new MillraceException(
                ErrorKind.OUTPUT_UNWRITABLE,
                "The registry cannot write to its artifact folder ("
                        + cause.getClass().getSimpleName().replace("Exception", "")
                        + ": " + cause.getMessage() + "). Free space on its disk or mend its permissions, then retry.",
                cause);
    }
}
