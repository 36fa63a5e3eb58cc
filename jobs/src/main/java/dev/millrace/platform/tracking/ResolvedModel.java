package dev.millrace.platform.tracking;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A model URI at the version it meant when it was asked.
 *
 * @param uri as the user wrote it
 * @param version the registered version, for {@code models:/…}
 * @param runId the run whose artifact it is; empty for a folder
 * @param artifactPath path below the run's artifacts, for {@code runs:/…} and registered models
 * @param folder the local folder, for a model given as a directory
 */
public record ResolvedModel(
        String uri,
        Optional<ModelVersion> version,
        Optional<String> runId,
        Optional<String> artifactPath,
        Optional<Path> folder) {

    /** Whether only the registry can tell what {@code uri} means. */
    public static boolean isInRegistry(String uri) {
        return uri.startsWith("models:/") || uri.startsWith("runs:/");
    }

    /** A model directory on local disk; needs no registry. */
    public static ResolvedModel ofFolder(String uri, Path folder) {
        return new ResolvedModel(uri, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(folder));
    }

    /** What a fingerprint and a commit say of it: {@code model:fraud/2}, {@code run:ID} or {@code folder:PATH}. */
    public String printed() {
        if (version.isPresent())
            return "model:" + version.get().model() + "/" + version.get().version();
        return runId.map(run -> "run:" + run).orElseGet(() -> "folder:" + folder.orElseThrow());
    }
}
