package dev.millrace.platform.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What one finished run read and made: a small JSON file {@code lake/_runs/<run id>.json}. With the commits of the
 * tables it is all that lineage needs, also when the registry is off (docs/decisions/0003).
 *
 * @param inputs {@code raw.x@3}, {@code model:fraud/2}, {@code run:ID}
 * @param outputs {@code features.y@1}, {@code model:fraud/2}
 * @param endedAtMillis epoch milliseconds
 */
public record RunRecord(
        String runId,
        String job,
        String fingerprint,
        String interval,
        List<String> inputs,
        List<String> outputs,
        long endedAtMillis) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public RunRecord {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    String toJson() {
        ObjectNode node = JSON.createObjectNode();
        node.put("run_id", runId)
                .put("job", job)
                .put("fingerprint", fingerprint)
                .put("interval", interval);
        inputs.forEach(node.putArray("inputs")::add);
        outputs.forEach(node.putArray("outputs")::add);
        return node.put("ended_at", endedAtMillis).toString();
    }

    static RunRecord parse(JsonNode node) {
        return new RunRecord(
                node.path("run_id").asText(),
                node.path("job").asText(),
                node.path("fingerprint").asText(),
                node.path("interval").asText(),
                texts(node.path("inputs")),
                texts(node.path("outputs")),
                node.path("ended_at").asLong());
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
