package dev.millrace.registry.resource.artifacts;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.SafePath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.InvalidPathException;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Files below one folder of a file system that Hadoop knows: {@code hdfs}, {@code viewfs}, and with further jars on the
 * class path {@code s3a}, {@code abfs}, {@code gs}. A write goes to a file of its own below the root, is synced where
 * the file system can, and is renamed. Where renaming cannot replace, a reader may find no file for a moment; never half
 * of one. Only this class knows Hadoop, so it is loaded only when such a root is set.
 */
final class HadoopArtifacts implements ArtifactStore {
    private static final int BUFFER = 1 << 16;
    private static final String INCOMING = ".millrace-incoming";

    private final FileSystem files;
    private final Optional<FileContext> renaming;
    private final Path root;

    private HadoopArtifacts(FileSystem files, Optional<FileContext> renaming, Path root) {
        this.files = files;
        this.renaming = renaming;
        this.root = root;
    }

    /** @throws MillraceException CONFIG when there is no such file system; OUTPUT_UNWRITABLE */
    static HadoopArtifacts open(URI place) {
        HadoopArtifacts store = beside(place);
        try {
            store.files.delete(new Path(store.root, INCOMING), true);
        } catch (IOException denied) {
            throw store.unwritable(denied);
        }
        return store;
    }

    static HadoopArtifacts beside(URI place) {
        Configuration hadoop = new Configuration();
        Path root = new Path(place);
        try {
            FileSystem files = FileSystem.newInstance(place, hadoop);
            HadoopArtifacts store = new HadoopArtifacts(files, renaming(place, hadoop), files.makeQualified(root));
            if (!files.mkdirs(root)) throw new IOException("it cannot be made");
            return store;
        } catch (UnsupportedFileSystemException | LinkageError unknown) {
            throw withoutJars(place, unknown);
        } catch (IOException | RuntimeException unreachable) {
            if (unreachable.getCause() instanceof ClassNotFoundException) throw withoutJars(place, unreachable);
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`--artifact-root " + place + "` cannot be used: " + firstLine(unreachable)
                            + ". Check the address, and that the server's user may write there.",
                    unreachable);
        }
    }

    private static MillraceException withoutJars(URI place, Throwable cause) {
        return new MillraceException(
                ErrorKind.CONFIG,
                "`--artifact-root " + place + "`: there is no file system for `" + place.getScheme() + "` here ("
                        + firstLine(cause)
                        + "). Put its jars (docs/registry.md lists those of s3a) into a folder and name that"
                        + " as MILLRACE_LIB.",
                cause);
    }

    /** Renames that replace are only in FileContext, which not every file system has. */
    private static Optional<FileContext> renaming(URI place, Configuration hadoop) {
        try {
            return Optional.of(FileContext.getFileContext(place, hadoop));
        } catch (UnsupportedFileSystemException without) {
            return Optional.empty();
        }
    }

    @Override
    public void put(String path, InputStream content) throws IOException {
        Path target = resolved(path);
        if (target.equals(root)) throw MillraceException.invalid("Invalid path");
        requireNoFileAbove(target, path);
        Path received = new Path(new Path(root, INCOMING), UUID.randomUUID().toString());
        try {
            receive(content, received);
            move(received, target, path);
        } finally {
            discard(received);
        }
    }

    private void receive(InputStream content, Path received) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (FSDataOutputStream out = create(received)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) write(out, buffer, read);
            sync(out);
        }
    }

    private FSDataOutputStream create(Path file) {
        try {
            return files.create(file, false);
        } catch (IOException denied) {
            throw unwritable(denied);
        }
    }

    /** Tells the file system's failures from the client's. */
    private void write(FSDataOutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException full) {
            throw unwritable(full);
        }
    }

    private void sync(FSDataOutputStream out) {
        try {
            if (out.hasCapability(StreamCapabilities.HSYNC)) out.hsync();
        } catch (IOException full) {
            throw unwritable(full);
        }
    }

    private void move(Path received, Path target, String path) {
        try {
            files.mkdirs(target.getParent());
            if (isFolder(target)) throw taken(path);
            if (renaming.isPresent()) {
                renaming.get().rename(received, target, Options.Rename.OVERWRITE);
                return;
            }
            files.delete(target, false);
            if (!files.rename(received, target)) throw new IOException("it cannot be renamed");
        } catch (IllegalArgumentException name) {
            throw MillraceException.invalid("`" + path + "` is no name on this file system. Choose another path.");
        } catch (IOException denied) {
            throw unwritable(denied);
        }
    }

    private boolean isFolder(Path path) throws IOException {
        try {
            return files.getFileStatus(path).isDirectory();
        } catch (FileNotFoundException absent) {
            return false;
        }
    }

    /** Object stores would take a file below a file. */
    private void requireNoFileAbove(Path target, String path) {
        for (Path at = target.getParent(); at != null && !at.equals(root); at = at.getParent()) {
            if (status(at).filter(FileStatus::isFile).isPresent()) throw taken(path);
        }
    }

    private static MillraceException taken(String path) {
        return MillraceException.invalid(
                "`" + path + "` cannot be written: it is a folder, or lies below a file. Choose another path.");
    }

    private void discard(Path received) {
        try {
            files.delete(received, false);
        } catch (IOException left) {
            // The next start clears it.
        }
    }

    @Override
    public Optional<StoredFile> find(String path) {
        Path file = resolved(path);
        Optional<FileStatus> status = status(file);
        if (status.filter(FileStatus::isDirectory).isPresent()) {
            throw MillraceException.invalid("Artifact path refers to a directory, not a file: '" + path + "'");
        }
        return status.map(found -> new StoredFile(
                offset -> opened(file, offset), found.getLen(), Instant.ofEpochMilli(found.getModificationTime())));
    }

    private InputStream opened(Path file, long offset) throws IOException {
        FSDataInputStream in = files.open(file);
        in.seek(offset);
        return in;
    }

    private Optional<FileStatus> status(Path path) {
        try {
            return Optional.of(files.getFileStatus(path));
        } catch (FileNotFoundException | InvalidPathException absent) {
            return Optional.empty();
        } catch (org.apache.hadoop.fs.ParentNotDirectoryException
                | org.apache.hadoop.security.AccessControlException below) {
            return Optional.empty();
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        }
    }

    @Override
    public List<FileInfo> list(String path) {
        Path folder = resolved(path);
        if (status(folder).filter(FileStatus::isDirectory).isEmpty()) return List.of();
        try {
            FileStatus[] children = files.listStatus(folder);
            Arrays.sort(children, Comparator.comparing(child -> child.getPath().getName()));
            List<FileInfo> found = new ArrayList<>();
            for (FileStatus child : children) {
                String name = child.getPath().getName();
                if (folder.equals(root) && name.equals(INCOMING)) continue;
                Optional<Long> size = child.isDirectory() ? Optional.empty() : Optional.of(child.getLen());
                found.add(new FileInfo(name, child.isDirectory(), size));
            }
            return found;
        } catch (FileNotFoundException deleted) {
            return List.of();
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        }
    }

    @Override
    public void delete(String path) {
        Path target = resolved(path);
        if (target.equals(root)) throw MillraceException.invalid("Invalid path");
        try {
            files.delete(target, true);
        } catch (FileNotFoundException absent) {
            return;
        } catch (IOException denied) {
            throw unwritable(denied);
        }
    }

    /** Built of its parts: a path that is parsed would take `a:b` for a scheme. */
    private Path resolved(String given) {
        String path = SafePath.require(given);
        if (path.equals(INCOMING) || path.startsWith(INCOMING + "/")) throw MillraceException.invalid("Invalid path");
        URI base = root.toUri();
        String above = base.getPath().equals("/") ? "" : base.getPath();
        return path.isEmpty() ? root : new Path(base.getScheme(), base.getAuthority(), above + "/" + path);
    }

    private MillraceException unwritable(IOException cause) {
        return new MillraceException(
                ErrorKind.OUTPUT_UNWRITABLE,
                "The registry cannot write to its artifacts at " + root + " (" + firstLine(cause)
                        + "). Free space there or mend its permissions, then retry.",
                cause);
    }

    private static String firstLine(Throwable cause) {
        return String.valueOf(cause.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("([a-z0-9]+\\.)+[A-Z][A-Za-z0-9]*(Exception|Error): ?", "")
                .replaceAll("; +For more details see.*", "");
    }
}
