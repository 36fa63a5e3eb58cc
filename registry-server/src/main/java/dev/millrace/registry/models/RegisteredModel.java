package dev.millrace.registry.models;

import dev.millrace.registry.storage.Tag;
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
        Optional<String> deploymentJobId) {

    /** A name for one version. */
    record Alias(String alias, String version) {}
}
