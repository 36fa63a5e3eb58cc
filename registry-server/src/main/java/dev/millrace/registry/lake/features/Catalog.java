package dev.millrace.registry.lake.features;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.lake.tables.TableState;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the features of one table from its columns: {@code comment}, and the JSON text {@code millrace}. */
final class Catalog {
    private static final Pattern DESCRIPTION = Pattern.compile(
            "(?:.*: )?(?<aggregation>[a-z][a-z ]* of .+) in the (?<window>[0-9]+[a-z]+) before(?:, known .*)?",
            Pattern.DOTALL);

    private Catalog() {}

    /** Those with the role feature, in the table's order; none when the table has no catalog. */
    static List<Feature> of(TableState table) {
        List<String> entity = named(table, "entity");
        Optional<String> time = named(table, "time").stream().findFirst();
        List<Feature> features = new ArrayList<>();
        for (TableState.Field column : table.columns()) {
            JsonNode facts = facts(column);
            if (!facts.path("role").asText().equals("feature")) continue;
            Matcher said = DESCRIPTION.matcher(column.comment());
            boolean known = said.matches();
            features.add(new Feature(
                    column.name(),
                    table.table().toString(),
                    table.version(),
                    column.type(),
                    column.comment(),
                    known ? Optional.of(said.group("aggregation")) : Optional.empty(),
                    known ? Optional.of(said.group("window")) : Optional.empty(),
                    entity,
                    time,
                    text(facts, "source"),
                    text(facts, "owner"),
                    texts(facts.path("tags")),
                    text(facts, "expression"),
                    List.of(),
                    List.of()));
        }
        return features;
    }

    private static List<String> named(TableState table, String role) {
        return table.columns().stream()
                .filter(column -> facts(column).path("role").asText().equals(role))
                .map(TableState.Field::name)
                .toList();
    }

    private static JsonNode facts(TableState.Field column) {
        try {
            return StrictJson.tree(column.metadata().getOrDefault("millrace", ""));
        } catch (MillraceException foreign) {
            return StrictJson.tree("");
        }
    }

    private static Optional<String> text(JsonNode facts, String key) {
        return Optional.of(facts.path(key).asText("")).filter(text -> !text.isEmpty());
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
