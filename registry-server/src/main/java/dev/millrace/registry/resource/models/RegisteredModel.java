package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.search.Sized;
import dev.millrace.registry.platform.storage.Tag;
import java.util.List;
import java.util.Optional;

/**
 * A registered model as MLflow writes it.
 *
 * @param latestVersions the highest version of each stage that has any
 */
record RegisteredModel(
        String name,
        long creationTimestamp,
        long lastUpdatedTimestamp,
        Optional<String> description,
        List<ModelVersion> latestVersions,
        List<Tag> tags,
        List<Alias> aliases,
        Optional<String> deploymentJobId)
        implements Sized {
    @Override
    public long size() {
        long ofVersions = latestVersions.stream().mapToLong(ModelVersion::size).sum();
        return 200 + description.map(String::length).orElse(0) + ofVersions + 60L * aliases.size() + Tag.size(tags);
    }

    /** A name for one version. */
    record Alias(String alias, String version) {}
}
