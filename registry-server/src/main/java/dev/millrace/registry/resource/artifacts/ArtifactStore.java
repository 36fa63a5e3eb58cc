package dev.millrace.registry.resource.artifacts;

import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files below one root: a folder of the local disk, or of any file system Hadoop knows (decision 0232). Readers see an
 * old file or a new one, never half of one. Nothing outside the root can be named. Thread-safe.
 */
public sealed interface ArtifactStore permits LocalArtifacts, HadoopArtifacts {
    /**
     * For the server: makes the root, and clears what a killed server left half received.
     *
     * @param home {@code HOME/registry}
     * @param root elsewhere than {@code home/artifacts}
     */
    static ArtifactStore open(Path home, Optional<URI> root) {
        return root.<ArtifactStore>map(HadoopArtifacts::open).orElseGet(() -> LocalArtifacts.open(home));
    }

    /** For a command beside a server that may be running: leaves what that one is receiving. */
    static ArtifactStore beside(Path home, Optional<URI> root) {
        return root.<ArtifactStore>map(HadoopArtifacts::beside).orElseGet(() -> LocalArtifacts.beside(home));
    }

    /**
     * Writes or replaces a file.
     *
     * @param content read to its end; not closed
     * @throws MillraceException USAGE for a path that is not allowed, or below a file; OUTPUT_UNWRITABLE
     */
    void put(String path, InputStream content) throws IOException;

    /** @throws MillraceException USAGE for a folder */
    Optional<StoredFile> find(String path);

    /** What is directly in a folder, by name; nothing when there is no such folder. */
    List<FileInfo> list(String path);

    /** Deletes a file, or a folder and all in it. What is not there stays so. */
    void delete(String path);
}
