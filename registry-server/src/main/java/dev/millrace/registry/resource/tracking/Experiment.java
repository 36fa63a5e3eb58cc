package dev.millrace.registry.resource.tracking;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.millrace.registry.platform.search.Sized;
import dev.millrace.registry.platform.storage.Tag;
import java.util.List;

/** An experiment as MLflow writes it. */
public record Experiment(
        String experimentId,
        String name,
        String artifactLocation,
        String lifecycleStage,
        long lastUpdateTime,
        long creationTime,
        List<Tag> tags)
        implements Sized {
    public Experiment {
        tags = List.copyOf(tags);
    }

    @Override
    public long size() {
        return 250 + name.length() + Tag.size(tags);
    }

    /** There are no workspaces here; MLflow calls the only one so. */
    @JsonProperty
    String workspace() {
        return "default";
    }

    long id() {
        return Long.parseLong(experimentId);
    }

    Experiment withTags(List<Tag> known) {
        return new Experiment(
                experimentId, name, artifactLocation, lifecycleStage, lastUpdateTime, creationTime, known);
    }

    boolean isActive() {
        return lifecycleStage.equals(Lifecycle.ACTIVE);
    }
}
