package dev.millrace.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Digests that tell whether a job would do again what it did (CONTRACT §4). */
final class Fingerprint {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private Fingerprint() {}

    /** Of the effective section; the order of its keys does not matter. */
    static String ofConfig(Object section) {
        return sha256(section);
    }

    /**
     * @param inputs table ids with versions, models, runs
     * @param interval {@code start/end}, or empty
     */
    static String of(Object section, List<String> inputs, String interval, long seed, String programVersion) {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("section", section);
        parts.put("inputs", inputs);
        parts.put("interval", interval);
        parts.put("seed", seed);
        parts.put("version", programVersion);
        return sha256(parts);
    }

    /**
     * Whose rows a commit holds.
     *
     * @param job the command
     * @param subset what part of it: inputs with their conditions, the model's name, columns
     * @return 16 hex digits
     */
    static String owner(String job, List<String> subset) {
        return sha256(List.of(job, subset)).substring(0, 16);
    }

    private static String sha256(Object value) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException | JsonProcessingException impossible) {
            throw new AssertionError("A plain value must have a digest", impossible);
        }
    }
}
