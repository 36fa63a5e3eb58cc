package dev.millrace.registry.resource.models;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.Arrays;
import java.util.List;

/** MLflow's deprecated stages, still in use. */
enum Stage {
    NONE("None"),
    STAGING("Staging"),
    PRODUCTION("Production"),
    ARCHIVED("Archived");

    private final String word;

    Stage(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    boolean isServing() {
        return this == STAGING || this == PRODUCTION;
    }

    static Stage named(String text) {
        return Arrays.stream(values())
                .filter(stage -> stage.word.equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> MillraceException.invalid("Invalid Model Version stage: " + text
                        + ". Value must be one of " + String.join(", ", words()) + "."));
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Stage::word).toList();
    }
}
