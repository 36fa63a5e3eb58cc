package dev.millrace.registry.lake.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a commit's {@code userMetadata} says of the run that made it (CONTRACT §5, decision 0003).
 *
 * @param inputs {@code raw.x@3}, {@code model:fraud/2}, {@code run:ID}
 */
public record Maker(
        String runId, String job, String interval, String fingerprint, String millraceVersion, List<String> inputs) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Maker {
        inputs = List.copyOf(inputs);
    }

    /** Absent when another program wrote it. */
    static Optional<Maker> parse(String userMetadata) {
        if (!userMetadata.startsWith("{")) return Optional.empty();
        try {
            JsonNode node = JSON.readTree(userMetadata);
            if (!node.hasNonNull("run_id") || !node.hasNonNull("job")) return Optional.empty();
            return Optional.of(new Maker(
                    node.path("run_id").asText(),
                    node.path("job").asText(),
                    node.path("interval").asText(""),
                    node.path("fingerprint").asText(""),
                    node.path("millrace_version").asText(""),
                    texts(node.path("inputs"))));
        } catch (JsonProcessingException foreign) {
            return Optional.empty();
        }
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
