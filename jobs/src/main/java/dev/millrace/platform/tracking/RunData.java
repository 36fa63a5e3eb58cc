package dev.millrace.platform.tracking;

import java.util.List;
import java.util.Map;

/**
 * A run as the server has it.
 *
 * @param id the server's id
 * @param metrics latest value per key
 * @param inputs names and digests of input datasets, {@code raw.x abcd1234-v3}
 */
public record RunData(
        String id,
        String name,
        String experimentId,
        String status,
        long startTimeMillis,
        Map<String, String> params,
        Map<String, Double> metrics,
        Map<String, String> tags,
        List<String> inputs) {}
