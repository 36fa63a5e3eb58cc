package dev.millrace.engine.feature;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a feature table says about itself: in the metadata of its columns, which every reader of Delta's schema sees.
 * {@code comment} is for people; {@code millrace} is a JSON text with {@code role} (entity, time, key, feature) and
 * what is known of a feature (docs/decisions/0302).
 */
public final class FeatureCatalog {
    /** What a column is for. */
    public enum Role {
        ENTITY,
        TIME,
        KEY,
        FEATURE
    }

    private static final String COMMENT = "comment";
    private static final String MILLRACE = "millrace";
    private static final ObjectMapper JSON = new ObjectMapper();

    private FeatureCatalog() {}

    /**
     * @param comment for people
     * @param facts further facts; values are texts or lists of texts
     */
    public static Column described(Column column, String name, Role role, String comment, Map<String, Object> facts) {
        ObjectNode node = JSON.createObjectNode();
        node.put("role", role.name().toLowerCase(java.util.Locale.ROOT));
        facts.forEach((key, value) -> node.set(key, JSON.valueToTree(value)));
        return column.as(name, metadata(node, comment));
    }

    /**
     * A column that is part of no feature table, with what is known of it.
     *
     * @param comment for people
     * @param facts values are texts or lists of texts
     */
    public static Column noted(Column column, String name, String comment, Map<String, Object> facts) {
        ObjectNode node = JSON.createObjectNode();
        facts.forEach((key, value) -> node.set(key, JSON.valueToTree(value)));
        return column.as(name, metadata(node, comment));
    }

    private static Metadata metadata(ObjectNode node, String comment) {
        MetadataBuilder metadata = new MetadataBuilder().putString(MILLRACE, node.toString());
        if (!comment.isEmpty()) metadata.putString(COMMENT, comment);
        return metadata.build();
    }

    /** The columns of a role, in the table's order; none when the table has no catalog. */
    public static List<String> columns(StructType schema, Role role) {
        List<String> found = new ArrayList<>();
        for (StructField field : schema.fields()) {
            Optional<JsonNode> entry = entry(field);
            String wanted = role.name().toLowerCase(java.util.Locale.ROOT);
            if (entry.isPresent() && entry.get().path("role").asText().equals(wanted)) found.add(field.name());
        }
        return found;
    }

    /** Whether the table's columns have roles. */
    public static boolean isThere(StructType schema) {
        return Arrays.stream(schema.fields())
                .anyMatch(
                        field -> entry(field).filter(entry -> entry.has("role")).isPresent());
    }

    private static Optional<JsonNode> entry(StructField field) {
        if (!field.metadata().contains(MILLRACE)) return Optional.empty();
        try {
            return Optional.of(JSON.readTree(field.metadata().getString(MILLRACE)));
        } catch (JsonProcessingException foreign) {
            return Optional.empty();
        }
    }
}
