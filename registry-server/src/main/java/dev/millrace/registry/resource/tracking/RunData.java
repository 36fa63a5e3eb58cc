package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.storage.Tag;
import java.util.List;

/** Latest metrics, params and tags of a run, each by key. */
record RunData(List<Metric> metrics, List<Tag> params, List<Tag> tags) {
    /** About how many characters it has as JSON. */
    long size() {
        long ofMetrics = metrics.stream()
                .mapToLong(metric -> 80L + metric.key().length())
                .sum();
        return ofMetrics + Tag.size(params) + Tag.size(tags);
    }
}
