package dev.millrace.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
    private final Problems problems = new Problems();

    private Object plain(String yaml, Map<String, String> variables) {
        return new Yaml("x.yaml", variables::get, problems).parse(yaml).plain();
    }

    private Object plain(String yaml) {
        return plain(yaml, Map.of());
    }

    @Test
    void textsThatYamlOnceTookForOtherThingsAreTexts() {
        assertThat(plain("{a: no, b: on, c: 0x1F, d: 1:30, e: \"7\", f: 2026-01-31, g: .5, h: 1_000, i: 1e3}"))
                .isEqualTo(Map.of(
                        "a",
                        "no",
                        "b",
                        "on",
                        "c",
                        "0x1F",
                        "d",
                        "1:30",
                        "e",
                        "7",
                        "f",
                        "2026-01-31",
                        "g",
                        0.5,
                        "h",
                        1000L,
                        "i",
                        1000.0));
    }

    @Test
    void aKeyThatOccursTwiceIsToldWithBothLines() {
        plain("a: 1\nb: {c: 1,\n  c: 2}\na: 3\n");

        assertThat(problems.messages())
                .containsExactly(
                        "x.yaml:3: `b.c` occurs twice; the first is at line 2. Remove one",
                        "x.yaml:4: `a` occurs twice; the first is at line 1. Remove one");
    }

    @Test
    void anchorsAndTagsAreRefused() {
        plain("a: &x [1]\nb: !java.lang.Runtime 7\n");

        assertThat(problems.messages())
                .containsExactly(
                        "x.yaml:1: `a` uses the anchor `&x`, which is not supported; replace it with the value",
                        "x.yaml:2: `b` uses the tag `!java.lang.Runtime`, which is not supported; remove it");
    }

    @Test
    void aliasesCannotBlowTheFileUp() {
        plain("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n");

        assertThat(problems.messages()).isNotEmpty().allSatisfy(message -> assertThat(message)
                .contains("anchor"));
    }

    @Test
    void aFileThatHoldsItselfIsRefused() {
        plain("a: &a [*a]\n");

        assertThat(problems.messages()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: [1'           | is not valid YAML",
                "'a: b: c'         | is not valid YAML",
                "''                | the file is empty",
                "'# only'          | the file is empty",
                "'a: 1\n---\nb: 2' | is not valid YAML",
                "'[a]: b'          | has a key that is not a string; use a string",
            })
    void whatCannotBeReadIsToldWithItsPlace(String yaml, String reason) {
        plain(yaml);

        assertThat(problems.messages())
                .isNotEmpty()
                .first()
                .asString()
                .startsWith("x.yaml:")
                .contains(reason);
    }

    @Test
    void variablesAreExpandedBeforeTyping() {
        assertThat(plain("a: ${X}/y\nb: ${N}\nc: ${M:5}\nd: \"${M:}\"\ne: $X ${ } {X}", Map.of("X", "x$1", "N", "7")))
                .isEqualTo(Map.of("a", "x$1/y", "b", 7L, "c", 5L, "d", "", "e", "$X ${ } {X}"));
        assertThat(problems.messages()).isEmpty();
    }

    @Test
    void aValueIsNotExpandedAgain() {
        assertThat(plain("a: \"${X}\"", Map.of("X", "${Y}", "Y", "no"))).isEqualTo(Map.of("a", "${Y}"));
    }

    @Test
    void aVariableWithoutValueIsToldWithThreeWaysOut() {
        plain("a: 1\nb: {c: \"${DATA}\"}");

        assertThat(problems.messages())
                .containsExactly("x.yaml:2: `b.c` needs the value of `DATA`: set that environment variable, add `--set"
                        + " DATA=…`, or use `${DATA:default}`");
    }
}
