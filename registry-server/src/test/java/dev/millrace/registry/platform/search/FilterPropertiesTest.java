package dev.millrace.registry.platform.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FilterPropertiesTest {
    private static final SearchSchema SCHEMA = new SearchSchema(
            Map.of("status", Attribute.text("r.status"), "start_time", Attribute.number("r.start_time")),
            Map.of(),
            Map.of(
                    Entity.METRIC, KeyedValues.metrics("latest_metrics", "run_id", "r.id"),
                    Entity.TAG, KeyedValues.indexedTexts("run_tags", "r.id")),
            Map.of(),
            List.of(new OrderPart("r.id", false)),
            List.of());

    @Property
    void anyTextIsAFilterOrRefused(@ForAll("filterish") String text) {
        try {
            for (Comparison comparison : FilterParser.parse(text)) {
                new Conditions(SCHEMA, new Binds()).add(comparison);
            }
        } catch (MillraceException refused) {
            assertThat(refused)
                    .hasMessageMatching("(?s)(Invalid|Expected|While parsing|IS NULL|Only|Parameter value).*");
        }
    }

    @Property
    void keysAndValuesNeverBecomeSql(@ForAll("quotable") String key, @ForAll("quotable") String value) {
        Binds binds = new Binds();

        Conditions conditions = new Conditions(SCHEMA, binds);
        FilterParser.parse("tags.`" + key + "` = '" + value + "'").forEach(conditions::add);

        assertThat(conditions.members())
                .singleElement()
                .extracting(Member::owners, Member::exists)
                .containsExactly(
                        "SELECT owner_id AS owner FROM run_tags WHERE key = :s0"
                                + " AND substr(value, 1, 200) = substr(:s2, 1, 200) AND value = :s1",
                        "EXISTS (SELECT 1 FROM run_tags x WHERE x.owner_id = r.id AND x.key = :s0"
                                + " AND substr(x.value, 1, 200) = substr(:s2, 1, 200) AND x.value = :s1 LIMIT 1)");
        assertThat(binds.values()).containsEntry("s0", key).containsEntry("s1", value);
    }

    @Provide
    Arbitrary<String> filterish() {
        return Arbitraries.of(
                        "metrics.a",
                        "tags.",
                        "`k`",
                        "status",
                        "start_time",
                        " ",
                        "=",
                        "!=",
                        ">",
                        "'v'",
                        "\"w\"",
                        "1",
                        "AND",
                        "OR",
                        "IN",
                        "NOT",
                        "IS",
                        "NULL",
                        "(",
                        ")",
                        ",",
                        ";",
                        "LIKE",
                        "é",
                        "--",
                        "'")
                .list()
                .ofMaxSize(9)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> quotable() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .withChars('é', '%', '_', ';')
                .excludeChars('\'', '`')
                .ofMinLength(1)
                .ofMaxLength(30);
    }
}
