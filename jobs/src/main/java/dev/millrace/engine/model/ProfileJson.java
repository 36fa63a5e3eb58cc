package dev.millrace.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;
import dev.millrace.engine.scan.GroupCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link TrainingProfile} as JSON. Numbers are written so that they read back as they were; NaN is null. */
public final class ProfileJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT = 1;

    private ProfileJson() {}

    public static String write(TrainingProfile profile) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT).put("rows", profile.rows());
        ArrayNode columns = root.putArray("columns");
        for (TrainingProfile.Column column : profile.columns()) {
            ObjectNode node = columns.addObject()
                    .put("name", column.name())
                    .put("role", column.role().name().toLowerCase(Locale.ROOT))
                    .put("type", column.type())
                    .put("kind", column.bins().isNumber() ? "number" : "category");
            if (column.bins().hashed()) node.put("hashed", true);
            if (column.bins().isNumber()) column.bins().edges().forEach(node.putArray("edges")::add);
            else column.bins().values().forEach(node.putArray("categories")::add);
            counted(node, column.counted());
        }
        ArrayNode slices = root.putArray("slices");
        profile.slices().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparing(GroupCounts.Slice::key).thenComparing(GroupCounts.Slice::value)))
                .forEach(entry -> {
                    ObjectNode slice = slices.addObject()
                            .put("slice_key", entry.getKey().key())
                            .put("slice_value", entry.getKey().value());
                    ArrayNode list = slice.putArray("columns");
                    entry.getValue().forEach(counted -> counted(list.addObject(), counted));
                });
        // One line per column keeps the file small and still readable by a person who looks for one.
        return root.toString().replace("{\"name\":", "\n{\"name\":").replace("{\"slice_key\":", "\n{\"slice_key\":")
                + "\n";
    }

    private static void counted(ObjectNode node, Counted counted) {
        counted.cells().forEach(node.putArray("counts")::add);
        node.put("zeros", counted.zeros());
        number(node, "mean", counted.mean());
        number(node, "min", counted.min());
        number(node, "max", counted.max());
        node.put("distinct", counted.distinct());
    }

    private static void number(ObjectNode node, String key, double value) {
        if (Double.isFinite(value)) node.put(key, value);
        else node.putNull(key);
    }

    /** @throws IllegalArgumentException when the text is no profile this program knows */
    public static TrainingProfile read(String text) {
        JsonNode root = parsed(text);
        if (root.path("format").asInt() != FORMAT) {
            throw new IllegalArgumentException("has format " + root.path("format") + "; this program reads " + FORMAT);
        }
        List<TrainingProfile.Column> columns = new ArrayList<>();
        for (JsonNode node : root.path("columns")) columns.add(column(node));
        Map<GroupCounts.Slice, List<Counted>> slices = new HashMap<>();
        for (JsonNode node : root.path("slices")) {
            List<Counted> counted = new ArrayList<>();
            node.path("columns").forEach(each -> counted.add(counted(each)));
            slices.put(
                    new GroupCounts.Slice(
                            node.path("slice_key").asText(),
                            node.path("slice_value").asText()),
                    counted);
        }
        return new TrainingProfile(root.path("rows").asLong(), columns, slices);
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("is not JSON: " + broken.getOriginalMessage(), broken);
        }
    }

    private static TrainingProfile.Column column(JsonNode node) {
        boolean isNumber = node.path("kind").asText().equals("number");
        List<Double> edges = new ArrayList<>();
        node.path("edges").forEach(edge -> edges.add(edge.asDouble()));
        List<String> values = new ArrayList<>();
        node.path("categories").forEach(value -> values.add(value.asText()));
        ColumnBins bins = new ColumnBins(
                node.path("name").asText(),
                edges,
                values,
                isNumber,
                node.path("hashed").asBoolean());
        return new TrainingProfile.Column(
                TrainingProfile.Role.valueOf(node.path("role").asText().toUpperCase(Locale.ROOT)),
                node.path("type").asText(),
                bins,
                counted(node));
    }

    private static Counted counted(JsonNode node) {
        List<Long> cells = new ArrayList<>();
        node.path("counts").forEach(count -> cells.add(count.asLong()));
        return new Counted(
                cells,
                node.path("zeros").asLong(),
                number(node.path("mean")),
                number(node.path("min")),
                number(node.path("max")),
                node.path("distinct").asLong());
    }

    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }
}
