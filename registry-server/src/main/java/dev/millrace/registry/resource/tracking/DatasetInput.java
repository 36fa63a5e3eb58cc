package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.storage.Tag;
import java.util.List;

/**
 * A dataset of one run.
 *
 * @param tags {@code mlflow.data.context} says what it was for
 */
record DatasetInput(List<Tag> tags, Dataset dataset) {
    /** About how many characters it has as JSON. */
    long size() {
        return 150L
                + Tag.size(tags)
                + dataset.source().length()
                + dataset.schema().map(String::length).orElse(0)
                + dataset.profile().map(String::length).orElse(0);
    }
}
