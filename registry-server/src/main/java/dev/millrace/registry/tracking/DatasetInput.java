package dev.millrace.registry.tracking;

import dev.millrace.registry.storage.Tag;
import java.util.List;

/**
 * A dataset of one run.
 *
 * @param tags {@code mlflow.data.context} says what it was for
 */
record DatasetInput(List<Tag> tags, Dataset dataset) {}
