package dev.millrace.job.transform;

import dev.millrace.platform.table.TableVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Where the columns of the result come from, as it is stored in their metadata.
 *
 * @param inputs by their name in the query
 * @param digest of the query and its inputs, without their versions
 */
record Lineage(Map<String, TableVersion> inputs, String digest) {
    private static final String QUERY = "query";

    /** {@code from}: {@code schema.table.column} of the inputs, sorted; {@code query}: the digest. */
    Map<String, Object> facts(Set<String> origins) {
        List<String> from = origins.stream()
                .map(origin -> {
                    int dot = origin.indexOf('.');
                    return inputs.get(origin.substring(0, dot)).name() + origin.substring(dot);
                })
                .distinct()
                .sorted()
                .toList();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("from", from);
        facts.put(QUERY, digest);
        return facts;
    }

    /** Whether a table was made by this query. */
    boolean made(StructType schema) {
        String entry = "\"" + QUERY + "\":\"" + digest + "\"";
        for (StructField field : schema.fields()) {
            boolean isOurs = field.metadata().contains("millrace")
                    && field.metadata().getString("millrace").contains(entry);
            if (!isOurs) return false;
        }
        return schema.length() > 0;
    }

    static String digest(TransformConfig config) {
        StringBuilder text = new StringBuilder(config.query());
        config.inputs().forEach((name, ref) -> text.append('\0')
                .append(name)
                .append('\0')
                .append(ref.table())
                .append('\0')
                .append(ref.where())
                .append('\0')
                .append(ref.columns()));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
