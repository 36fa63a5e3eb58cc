package dev.millrace.registry.security.access;

import java.util.Optional;

/** Which experiment something belongs to, by its name; empty when there is no such thing. */
public interface Places {
    Optional<String> experiment(String experimentId);

    Optional<String> experimentOfRun(String runId);

    Optional<String> experimentOfLoggedModel(String modelId);

    /** What a comment is on, {@code run:ID}. */
    Optional<String> commentTarget(String commentId);
}
