package dev.millrace.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA = JsonSchema.ofJobFile("demo", EveryKind.class);
    private static final com.networknt.schema.JsonSchema VALIDATOR =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SCHEMA);

    private static Set<String> complaints(String yaml) {
        // An editor sees variables as they are written.
        Object plain = new Yaml("test", name -> "${" + name + "}", new Problems())
                .parse(yaml)
                .plain();
        return VALIDATOR.validate(JSON.<JsonNode>valueToTree(plain)).stream()
                .map(ValidationMessage::getMessage)
                .collect(Collectors.toSet());
    }

    private static Problems bound(String yaml) {
        Problems problems = new Problems();
        try {
            JobFile.read("test", yaml, Optional.of("demo"), Overrides.none(), name -> null)
                    .bind(EveryKind.class);
        } catch (dev.millrace.platform.error.MillraceException refused) {
            problems.add(new Where("test", 1), "", refused.getMessage());
        }
        return problems;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: a}",
                "{name: a, count: 10, share: 0, loud: true, pace: fast}",
                "{name: a, keys: id, limit: 3}",
                "{name: a, keys: [id, at], params: {depth: 3, deep: {er: [1]}}}",
                "{name: a, lookback: 12h, since: 2026-01-01, zone: Europe/Berlin}",
                "{name: a, anything: 1, place: Ulm/Gasse}",
                "{name: a, anything: [x], place: {town: Ulm}}",
                "{name: a, places: [Ulm/Gasse, {town: Bonn, street: Weg}]}",
                "{name: a, places: Ulm/Gasse}",
                "{name: a, choice: {by: near-to, place: Ulm/Gasse, radius: 2}}",
                "{name: a, type: x}",
            })
    void whatTheBinderTakesIsValid(String section) {
        String yaml = "job: demo\nseed: 7\ntracking: {experiment: e}\nspark: {conf: {a.b: 1}}\ndemo: " + section + "\n";

        assertThat(bound(yaml).messages()).isEmpty();
        assertThat(complaints(yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "job: demo\ndemo: {}",
                "job: demo\ndemo: {name: 7}",
                "job: demo\ndemo: {name: \" \"}",
                "job: demo\ndemo: {name: a, nam: b}",
                "job: demo\ndemo: {name: a, count: 11}",
                "job: demo\ndemo: {name: a, count: 0}",
                "job: demo\ndemo: {name: a, count: 2.5}",
                "job: demo\ndemo: {name: a, count: \"2\"}",
                "job: demo\ndemo: {name: a, share: -1}",
                "job: demo\ndemo: {name: a, loud: yes}",
                "job: demo\ndemo: {name: a, pace: quick}",
                "job: demo\ndemo: {name: a, keys: [1]}",
                "job: demo\ndemo: {name: a, keys: {a: b}}",
                "job: demo\ndemo: {name: a, lookback: 12 parsecs}",
                "job: demo\ndemo: {name: a, place: {street: Weg}}",
                "job: demo\ndemo: {name: a, place: {town: Ulm, planet: x}}",
                "job: demo\ndemo: {name: a, choice: {by: nobody}}",
                "job: demo\ndemo: {name: a, choice: {place: Ulm/Gasse, radius: 2}}",
                "job: demo\ndemo: {name: a, choice: {by: near-to, place: Ulm/Gasse, radius: -2}}",
                "job: demo\ndemo: {name: a, choice: {by: everywhere, radius: 2}}",
                "job: other\ndemo: {name: a}",
                "job: demo",
                "job: demo\ndemo: {name: a}\nother: {}",
                "job: demo\ndemo: {name: a}\nseed: x",
                "job: demo\ndemo: {name: a}\ntracking: {url: x}",
            })
    void whatTheSchemaRefusesTheBinderRefusesToo(String yaml) {
        assertThat(complaints(yaml)).isNotEmpty();
        assertThat(bound(yaml).messages()).isNotEmpty();
    }

    @Test
    void aVariableMayStandForAnyScalar() {
        assertThat(complaints("job: demo\ndemo: {name: \"${n}\", count: \"${c:3}\", loud: \"${l}\", pace: \"${p}\"}"))
                .isEmpty();
    }

    @Test
    void aPipelineHasItsStepsAtTheTop() throws Exception {
        record Step(String name) {}
        record Pipeline(@Doc("what runs") java.util.List<Step> steps) {}

        JsonNode schema = JSON.readTree(JsonSchema.ofJobFile("pipeline", Pipeline.class));

        assertThat(schema.at("/properties/steps/description").asText()).isEqualTo("what runs");
        assertThat(schema.path("required").toString()).isEqualTo("[\"job\",\"steps\"]");
    }

    @Test
    void theTextIsTheSameEveryTimeAndSaysWhatKeysMean() throws Exception {
        assertThat(JsonSchema.ofJobFile("demo", EveryKind.class))
                .isEqualTo(SCHEMA)
                .endsWith("}\n")
                .doesNotContain("\r");
        JsonNode section = JSON.readTree(SCHEMA).at("/$defs/every-kind");
        assertThat(section.path("description").asText()).isEqualTo("every kind of value");
        assertThat(section.at("/properties/count/description").asText()).isEqualTo("how many");
        assertThat(section.at("/properties/count/default").asInt()).isEqualTo(8);
        assertThat(section.at("/properties/choice/default/by").asText()).isEqualTo("everywhere");
    }
}
