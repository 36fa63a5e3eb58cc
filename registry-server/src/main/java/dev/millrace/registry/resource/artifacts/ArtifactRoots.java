package dev.millrace.registry.resource.artifacts;

import dev.millrace.registry.platform.error.MillraceException;

/** Asks the owners of runs and models for the artifact URI of one. Each refuses what it does not know. */
public interface ArtifactRoots {
    String ofRun(String runId);

    String ofModelVersion(String name, String version);

    String ofLoggedModel(String modelId);

    /**
     * Where in the store a path below such a URI is.
     *
     * @param path checked by the caller; empty is the root itself
     * @throws MillraceException USAGE when the files are not kept by this server
     */
    static String below(String rootUri, String path) {
        String served = "mlflow-artifacts:/";
        if (!rootUri.startsWith(served)) {
            throw MillraceException.invalid(
                    "These artifacts are at " + rootUri + ", which this server does not read. Read them there.");
        }
        String root = rootUri.substring(served.length()).replaceAll("^/+", "");
        return path.isEmpty() ? root : root + "/" + path;
    }
}
