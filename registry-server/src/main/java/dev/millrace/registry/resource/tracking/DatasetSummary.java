package dev.millrace.registry.resource.tracking;

import java.util.Optional;

/**
 * A dataset of an experiment, for choosing one.
 *
 * @param context what a run used it for, {@code mlflow.data.context}
 */
record DatasetSummary(String experimentId, String name, String digest, Optional<String> context) {}
