package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.search.Sized;
import dev.millrace.registry.platform.storage.Tag;
import java.util.List;

/** A version of a registered model as MLflow writes it. */
record ModelVersion(
        String name,
        String version,
        long creationTimestamp,
        long lastUpdatedTimestamp,
        String currentStage,
        String description,
        String source,
        String runId,
        String status,
        List<Tag> tags,
        String runLink,
        List<String> aliases)
        implements Sized {
    @Override
    public long size() {
        return 400 + description.length() + source.length() + 20L * aliases.size() + Tag.size(tags);
    }
}
