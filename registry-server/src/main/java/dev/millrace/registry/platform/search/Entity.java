package dev.millrace.registry.platform.search;

import java.util.Locale;
import java.util.Optional;

/** What the word before the dot of {@code metrics.auc} means. */
public enum Entity {
    METRIC,
    PARAMETER,
    TAG,
    ATTRIBUTE,
    DATASET;

    /** MLflow's spellings; lower case only. */
    static Optional<Entity> named(String word) {
        return switch (word) {
            case "metric", "metrics" -> Optional.of(METRIC);
            case "param", "params", "parameter", "parameters" -> Optional.of(PARAMETER);
            case "tag", "tags" -> Optional.of(TAG);
            case "attr", "attribute", "attributes", "run" -> Optional.of(ATTRIBUTE);
            case "dataset", "datasets" -> Optional.of(DATASET);
            default -> Optional.empty();
        };
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How it mostly stands before the dot. */
    String written() {
        return this == PARAMETER ? "params" : word() + "s";
    }
}
