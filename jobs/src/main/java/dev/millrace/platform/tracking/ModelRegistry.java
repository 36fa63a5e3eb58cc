package dev.millrace.platform.tracking;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model registry and the record of runs, for jobs that must ask. Every call may throw REGISTRY_UNREACHABLE; what is
 * asked for and absent is NOT_FOUND. Thread-safe.
 */
public interface ModelRegistry {

    /**
     * What a model URI means now: {@code models:/name/3}, {@code models:/name@alias}, {@code models:/name/latest},
     * {@code runs:/RUN/path}, or a folder, which needs no server.
     */
    ResolvedModel resolve(String modelUri);

    /**
     * A local copy of the model directory, from the cache when it is there, checked against its {@code SHA256SUMS}.
     *
     * @throws dev.millrace.platform.error.MillraceException MODEL_UNUSABLE when a file is missing or altered
     */
    Path download(ResolvedModel model);

    /** Makes the registered model where it is missing, and a new version of it. */
    ModelVersion createVersion(String model, String runId, String source, String description, Map<String, String> tags);

    Optional<ModelVersion> byAlias(String model, String alias);

    ModelVersion version(String model, int version);

    /** All versions, the newest first; empty when the model is unknown. */
    List<ModelVersion> versions(String model);

    /** Points the alias at a version, moving it from the one that held it. */
    void setAlias(String model, String alias, int version);

    /** An alias that is not set stays so. */
    void removeAlias(String model, String alias);

    void setVersionTag(String model, int version, String key, String value);

    /** A run by the server's id or by the job's own, which differ on MLflow's own server; the answer has the server's. */
    RunData run(String runId);

    /**
     * Runs of an experiment, the newest first.
     *
     * @param filter in MLflow's grammar
     * @return empty when the experiment does not exist
     */
    List<RunData> searchRuns(String experiment, String filter, int limit);
}
