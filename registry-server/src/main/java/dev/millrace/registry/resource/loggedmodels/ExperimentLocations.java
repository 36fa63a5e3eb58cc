package dev.millrace.registry.resource.loggedmodels;

import org.jdbi.v3.core.Handle;

/** Asks for the artifact location of an experiment that takes new models. */
@FunctionalInterface
public interface ExperimentLocations {
    /** Within the caller's transaction. Refuses an unknown or deleted experiment. */
    String ofActive(Handle tx, String experimentId);
}
