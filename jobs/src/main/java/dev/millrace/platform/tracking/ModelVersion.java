package dev.millrace.platform.tracking;

import java.util.List;
import java.util.Map;

/**
 * One version of a registered model.
 *
 * @param runId the run that trained it; empty when unknown
 * @param source where its model directory is: {@code runs:/RUN/model}
 */
public record ModelVersion(
        String model, int version, String runId, String source, List<String> aliases, Map<String, String> tags) {
    public ModelVersion {
        aliases = List.copyOf(aliases);
        tags = Map.copyOf(tags);
    }

    /** {@code fraud@2}, as results print it. */
    public String printed() {
        return model + "@" + version;
    }
}
