package dev.millrace.registry.resource.tracking;

import java.util.Optional;

/**
 * What identifies a run and says where it stands.
 *
 * @param runUuid the same as {@code runId}; old clients read this one
 */
public record RunInfo(
        String runUuid,
        String experimentId,
        String runName,
        String userId,
        String status,
        long startTime,
        Optional<Long> endTime,
        String artifactUri,
        String lifecycleStage,
        String runId) {

    RunInfo withName(String name) {
        return new RunInfo(
                runUuid, experimentId, name, userId, status, startTime, endTime, artifactUri, lifecycleStage, runId);
    }

    RunInfo withStatus(String now, Optional<Long> ended) {
        return new RunInfo(
                runUuid, experimentId, runName, userId, now, startTime, ended, artifactUri, lifecycleStage, runId);
    }

    boolean isActive() {
        return lifecycleStage.equals(Lifecycle.ACTIVE);
    }
}
