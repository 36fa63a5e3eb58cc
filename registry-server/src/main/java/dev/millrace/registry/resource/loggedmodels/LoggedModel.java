package dev.millrace.registry.resource.loggedmodels;

import dev.millrace.registry.platform.search.Sized;
import dev.millrace.registry.platform.storage.Tag;
import java.util.List;
import java.util.Optional;

/** A logged model as MLflow writes it. */
public record LoggedModel(Info info, Data data) implements Sized {
    @Override
    public long size() {
        return 400
                + Tag.size(info.tags())
                + Tag.size(data.params())
                + 200L * data.metrics().size();
    }

    /** What identifies it and where its files are. */
    public record Info(
            String modelId,
            String experimentId,
            String name,
            long creationTimestampMs,
            long lastUpdatedTimestampMs,
            String artifactUri,
            String status,
            String modelType,
            String sourceRunId,
            Optional<String> statusMessage,
            List<Tag> tags) {}

    /** What was logged about it. */
    public record Data(List<Tag> params, List<Metric> metrics) {}

    /** A point of a metric of the model. */
    public record Metric(
            String key,
            double value,
            long timestamp,
            long step,
            Optional<String> datasetName,
            Optional<String> datasetDigest,
            String modelId,
            String runId) {}
}
