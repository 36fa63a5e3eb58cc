package dev.millrace.registry.resource.tracking;

import java.util.Optional;

/**
 * A metric as it was logged: a point, and the logged model and dataset it is about, if any.
 *
 * @param modelId id of a logged model, {@code m-…}
 */
public record LoggedMetric(
        Metric point, Optional<String> modelId, Optional<String> datasetName, Optional<String> datasetDigest) {}
