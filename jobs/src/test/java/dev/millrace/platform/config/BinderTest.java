package dev.millrace.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BinderTest {
    private final Problems problems = new Problems();

    private Optional<EveryKind> bind(String yaml) {
        ConfigNode node = new Yaml("x.yaml", name -> null, problems).parse(yaml);
        return new Binder(problems).bind(node, EveryKind.class, "demo");
    }

    @Test
    void everyKindOfValueIsBound() {
        EveryKind bound =
                bind("""
                        name: a
                        count: 3
                        share: 0.25
                        loud: true
                        pace: fast
                        limit: 7
                        keys: [x, y]
                        params: {depth: 3, rate: 0.5, deep: {on: true}}
                        lookback: 12h
                        since: 2026-01-31T12:00:00+01:00
                        zone: Europe/Berlin
                        anything: [1, two]
                        place: Ulm/Gasse
                        places: [{town: Bonn}, Ulm/Gasse]
                        choice: {by: near-to, place: {town: Bonn}, radius: 2}
                        type: t
                        """)
                        .orElseThrow();

        assertThat(bound)
                .isEqualTo(new EveryKind(
                        "a",
                        3,
                        0.25,
                        true,
                        EveryKind.Pace.FAST,
                        Optional.of(7L),
                        List.of("x", "y"),
                        Map.of("depth", 3L, "rate", 0.5, "deep", Map.of("on", true)),
                        Duration.ofHours(12),
                        Optional.of(Instant.parse("2026-01-31T11:00:00Z")),
                        ZoneId.of("Europe/Berlin"),
                        Optional.of(List.of(1L, "two")),
                        Optional.of(new EveryKind.Place("Ulm", Optional.of("Gasse"))),
                        List.of(
                                new EveryKind.Place("Bonn", Optional.empty()),
                                new EveryKind.Place("Ulm", Optional.of("Gasse"))),
                        new EveryKind.NearTo(new EveryKind.Place("Bonn", Optional.empty()), 2),
                        Optional.of("t")));
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        EveryKind bound = bind("name: a").orElseThrow();

        assertThat(bound)
                .isEqualTo(new EveryKind(
                        "a",
                        8,
                        0.5,
                        false,
                        EveryKind.Pace.SLOW_AND_STEADY,
                        Optional.empty(),
                        List.of(),
                        Map.of(),
                        Duration.ofDays(7),
                        Optional.empty(),
                        ZoneId.of("UTC"),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        new EveryKind.Everywhere(),
                        Optional.empty()));
    }

    @Test
    void oneValueStandsForAListOfOne() {
        assertThat(bind("{name: a, keys: id}").orElseThrow().keys()).containsExactly("id");
    }

    @Test
    void everyProblemIsToldAtOnceWithItsLineAndKey() {
        Optional<EveryKind> bound = bind(
                """
                nam: a
                count: 11
                share: -1
                loud: "true"
                pace: fsat
                limit: 2.5
                keys: [1, " "]
                params: [a]
                lookback: 3 moons
                since: yesterday
                zone: Atlantis
                anything:
                place: Ulm
                places: [{town: Bonn, planet: x}, {street: y}]
                choice: {by: nearto}
                type: 5
                """);

        assertThat(bound).isEmpty();
        assertThat(problems.messages())
                .containsExactly(
                        "x.yaml:1: `demo.nam` is not a key here. Did you mean `name`? Known keys: name, count, share,"
                                + " loud, pace, limit, keys, params, lookback, since, zone, anything, place, places,"
                                + " choice, type.",
                        "x.yaml:2: `demo.count` is 11; the maximum is 10",
                        "x.yaml:3: `demo.share` is -1; the minimum is 0",
                        "x.yaml:4: `demo.loud` expects true or false, found text (true). Remove the quotes",
                        "x.yaml:5: `demo.pace` is `fsat`, which is not a valid value. Did you mean `fast`? Valid"
                                + " values: slow-and-steady, fast.",
                        "x.yaml:6: `demo.limit` expects an integer, found a number (2.5)",
                        "x.yaml:7: `demo.keys[0]` expects text, found a number (1). Put it in quotes",
                        "x.yaml:7: `demo.keys[1]` is blank; set a value or remove the key",
                        "x.yaml:8: `demo.params` expects a mapping, found a list",
                        "x.yaml:9: `demo.lookback` is `3 moons`: expected a duration such as 30s, 15m, 12h or 7d",
                        "x.yaml:10: `demo.since` is `yesterday`: expected a time such as 2026-01-31 or"
                                + " 2026-01-31T12:00:00Z",
                        "x.yaml:11: `demo.zone` is `Atlantis`: expected a time zone such as UTC or Europe/Berlin",
                        "x.yaml:12: `demo.anything` has no value; set one or remove the key",
                        "x.yaml:13: `demo.place` is `Ulm`: expected town/street",
                        "x.yaml:14: `demo.places[0].planet` is not a key here. Known keys: town, street.",
                        "x.yaml:14: `demo.places[1].town` is missing: the town",
                        "x.yaml:15: `demo.choice.by` is `nearto`, which is not a valid value. Did you mean `near-to`? Valid"
                                + " values: everywhere, near-to.",
                        "x.yaml:16: `demo.type` expects text, found a number (5). Put it in quotes");
    }

    @Test
    void aRecordsOwnRuleIsToldAtItsLine() {
        bind("\n\nname: forbidden");

        assertThat(problems.messages()).containsExactly("x.yaml:3: `demo` `name` may not be `forbidden`");
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        bind("{name: a, count: 99999999999, limit: 99999999999999999999}");

        assertThat(problems.messages())
                .containsExactly(
                        "x.yaml:1: `demo.count` is 99999999999; the maximum is 10",
                        "x.yaml:1: `demo.limit` is too large: 99999999999999999999");
    }

    @Test
    void aVariantWithoutItsDiscriminatorIsToldWhichThereAre() {
        bind("{name: a, choice: {radius: 1}}");

        assertThat(problems.messages())
                .containsExactly("x.yaml:1: `demo.choice` requires `by`: one of everywhere, near-to");
    }

    @Test
    void problemsAreThrownTogetherAsAConfigError() {
        bind("{name: a, cuont: 1, lod: true}");

        assertThatThrownBy(problems::throwIfAny).isInstanceOfSatisfying(MillraceException.class, thrown -> {
            assertThat(thrown.kind()).isEqualTo(ErrorKind.CONFIG);
            assertThat(thrown.getMessage().lines()).hasSize(3).startsWith("2 problems:");
        });
    }

    @Test
    void noProblemsThrowNothing() {
        problems.throwIfAny();

        assertThat(problems.messages()).isEmpty();
    }
}
