package dev.millrace.platform.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a Delta commit says of its maker: the {@code userMetadata} of CONTRACT §5, plus {@code inputs}, so that lineage
 * can be walked from the tables alone (docs/decisions/0003).
 *
 * @param runId 32 hex digits
 * @param job the command
 * @param configSha256 digest of the effective section
 * @param fingerprint digest of everything the result depends on
 * @param interval {@code start/end}, or empty
 * @param version program version
 * @param owner whose rows these are: digest of the job, the tables and models it reads and the part of them it declares.
 *     A job replaces only rows of its own owner
 * @param inputs tables ({@code raw.x@3}) and models ({@code model:fraud/2}) that were read
 */
public record CommitMetadata(
        String runId,
        String job,
        String configSha256,
        String fingerprint,
        String interval,
        String version,
        String owner,
        List<String> inputs) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public CommitMetadata {
        inputs = List.copyOf(inputs);
    }

    /** The text Delta stores. */
    public String toJson() {
        ObjectNode node = JSON.createObjectNode();
        node.put("run_id", runId);
        node.put("job", job);
        node.put("config_sha256", configSha256);
        node.put("fingerprint", fingerprint);
        node.put("interval", interval);
        node.put("millrace_version", version);
        node.put("owner", owner);
        ArrayNode list = node.putArray("inputs");
        inputs.forEach(list::add);
        return node.toString();
    }

    /** Reads it back; empty when the commit was not made by Millrace. */
    public static Optional<CommitMetadata> parse(String userMetadata) {
        if (userMetadata == null || !userMetadata.startsWith("{")) return Optional.empty();
        try {
            JsonNode node = JSON.readTree(userMetadata);
            if (!node.hasNonNull("run_id") || !node.hasNonNull("job")) return Optional.empty();
            List<String> inputs = new ArrayList<>();
            node.path("inputs").forEach(input -> inputs.add(input.asText()));
            return Optional.of(new CommitMetadata(
                    node.path("run_id").asText(),
                    node.path("job").asText(),
                    node.path("config_sha256").asText(""),
                    node.path("fingerprint").asText(""),
                    node.path("interval").asText(""),
                    node.path("millrace_version").asText(""),
                    node.path("owner").asText(""),
                    inputs));
        } catch (JsonProcessingException foreign) {
            return Optional.empty();
        }
    }
}
