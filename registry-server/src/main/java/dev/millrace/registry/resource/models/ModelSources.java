package dev.millrace.registry.resource.models;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Asks the owners of runs and logged models where their files are. */
public interface ModelSources {
    /** Artifact URI of a run. Refuses an unknown one. */
    String ofRun(String runId);

    /** The same, when there is such a run. */
    Optional<String> findRun(String runId);

    /** Artifact URI and source run of a logged model. Refuses an unknown one. */
    LoggedSource ofLoggedModel(String modelId);

    /** Tells a logged model that a version was made of it. */
    void addVersion(Handle tx, String modelId, String name, int version);

    /**
     * A logged model's place.
     *
     * @param runId of the run that made it; may be empty
     */
    record LoggedSource(String artifactUri, String runId) {}
}
