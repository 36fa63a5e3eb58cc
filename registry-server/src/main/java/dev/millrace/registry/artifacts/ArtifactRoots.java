package dev.millrace.registry.artifacts;

/** Asks the owners of runs and models for the artifact URI of one. Each refuses what it does not know. */
public interface ArtifactRoots {
    String ofRun(String runId);

    String ofModelVersion(String name, String version);

    String ofLoggedModel(String modelId);
}
