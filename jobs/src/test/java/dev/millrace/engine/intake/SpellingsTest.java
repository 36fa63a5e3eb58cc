package dev.millrace.engine.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static TimeSpelling times(String... patterns) {
        return new TimeSpelling(List.of(patterns), Locale.ENGLISH);
    }

    private static Optional<Instant> instant(TimeSpelling spelling, String text) {
        return spelling.time(text).map(written -> written.local()
                .atZone(written.zone() == null ? BERLIN : written.zone())
                .toInstant());
    }

    @Test
    void numbersAreAsciiDecimalsAndNothingElse() {
        NumberSpelling plain = NumberSpelling.PLAIN;

        assertThat(List.of("1", "+5", "-0", " 7 ", "1e3", "1.5E-7", ".5", "5."))
                .allSatisfy(text -> assertThat(plain.plain(text)).as(text).isNotEmpty());
        assertThat(List.of("", ".", "e5", "1e", "0x1F", "1_000", "1d", "\uff11\uff12", "1,5", "1.2.3", "--1", "NaN"))
                .allSatisfy(text -> assertThat(plain.plain(text)).as(text).isEmpty());
    }

    @Test
    void groupsMustHaveThreeDigits() {
        NumberSpelling german = NumberSpelling.of(Locale.GERMAN);

        assertThat(german.plain("1.001.001,50")).isEqualTo("1001001.50");
        assertThat(german.plain("2,75")).isEqualTo("2.75");
        assertThat(german.plain("1.5")).isEmpty();
        assertThat(german.plain("1.0000")).isEmpty();
        assertThat(german.plain(".001")).isEmpty();
    }

    @Test
    void frenchGroupsMayBeTypedAsBlanks() {
        assertThat(NumberSpelling.of(Locale.FRENCH).plain("1 234,5")).isEqualTo("1234.5");
        assertThat(NumberSpelling.of(Locale.FRENCH).plain("1\u202f234,5")).isEqualTo("1234.5");
    }

    @Test
    void isoTimesWithoutOffsetAreOfTheZone() {
        assertThat(instant(times(), "2024-03-05T10:00:00+02:00")).hasValue(Instant.parse("2024-03-05T08:00:00Z"));
        assertThat(instant(times(), "2024-03-05T10:00:00Z")).hasValue(Instant.parse("2024-03-05T10:00:00Z"));
        assertThat(instant(times(), "2024-07-05 10:00:00.25")).hasValue(Instant.parse("2024-07-05T08:00:00.25Z"));
        assertThat(instant(times(), "2024-03-05")).hasValue(Instant.parse("2024-03-04T23:00:00Z"));
        assertThat(instant(times(), "yesterday")).isEmpty();
    }

    @Test
    void theCommonFormsAreReadAsStrictlyAsTheOthers() {
        assertThat(instant(times(), "2024-01-02T03:04:05.678Z")).hasValue(Instant.parse("2024-01-02T03:04:05.678Z"));
        assertThat(instant(times(), "2024-01-02T03:04:05.123456789Z"))
                .hasValue(Instant.parse("2024-01-02T03:04:05.123456789Z"));
        assertThat(instant(times(), "2024-01-02T03:04Z")).hasValue(Instant.parse("2024-01-02T03:04:00Z"));
        assertThat(times().date("2024-01-02T03:04:05Z")).isEmpty();
        assertThat(List.of(
                        "2024-01-02T03:04:05,5Z",
                        "2024-01-02T03:04:05.1234567890Z",
                        "2024-01-02T24:04:05Z",
                        "2024-02-30T03:04:05Z",
                        "2024-1-2",
                        "2024-01-02X03:04:05",
                        "2024-01-02T03:04:05+",
                        "2024-01-02T03:04:0５"))
                .allSatisfy(text -> assertThat(instant(times(), text)).as(text).isEmpty());
    }

    @Test
    void declaredPatternsAreTriedInOrderAndStrictly() {
        TimeSpelling many =
                times("yyyy-MM-dd", "d/M/yyyy", "d MMM yyyy", "yyyyMMdd", "iso", "epoch-seconds", "epoch-millis");

        assertThat(instant(many, "05/03/2024")).hasValue(Instant.parse("2024-03-04T23:00:00Z"));
        assertThat(instant(many, "5 Mar 2024")).hasValue(Instant.parse("2024-03-04T23:00:00Z"));
        assertThat(instant(many, "20240305")).hasValue(Instant.parse("2024-03-04T23:00:00Z"));
        assertThat(instant(many, "2024-03-05T10:00:00+02:00")).hasValue(Instant.parse("2024-03-05T08:00:00Z"));
        assertThat(instant(many, "1709632800")).hasValue(Instant.parse("2024-03-05T10:00:00Z"));
        assertThat(instant(many, "1709632800000")).hasValue(Instant.parse("2024-03-05T10:00:00Z"));
        assertThat(instant(many, "2024-02-30")).isEmpty();
        assertThat(instant(many, "0000-00-00")).isEmpty();
        assertThat(times("yyyy-MM-dd").date("05/03/2024")).isEmpty();
    }

    @Test
    void aDateDoesNotLoseATimeOfDay() {
        assertThat(times().date("2024-03-05")).hasValue(LocalDate.of(2024, 3, 5));
        assertThat(times().date("2024-03-05T10:00:00")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yyyy", "yyyy-MM", "HH:mm", "yyyy-MM-dd hh:mm", "qqqqqq{", "epoch-days"})
    void aPatternThatDoesNotGiveADayAndItsTimeIsRefused(String pattern) {
        assertThatThrownBy(() -> times(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`" + pattern + "`");
    }

    @Test
    void yearsThatOtherReadersCannotHoldAreNoDates() {
        assertThat(times().date("0001-01-01")).isPresent();
        assertThat(times().date("9999-12-31")).isPresent();
        assertThat(times().date("0000-12-31")).isEmpty();
        assertThat(times().date("+10000-01-01")).isEmpty();
    }

    private static List<String> problems(String lines) throws IOException {
        List<String> problems = new ArrayList<>();
        try (JsonLinesReader reader = new JsonLinesReader(
                TextFile.open(
                        new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), false, Optional.empty()),
                1 << 20)) {
            while (reader.next()) {
                problems.add(reader.line() + ":"
                        + reader.problem().map(Problem::reason).orElse(""));
            }
        }
        return problems;
    }

    @Test
    void jsonLinesAreOneStrictObjectEach() throws IOException {
        String deep = "{\"a\":".repeat(2000) + "1" + "}".repeat(2000);

        List<String> problems = problems("{\"a\":1}\n\n[1]\n{\"a\":1}{\"b\":2}\n{\"a\":1,\"a\":2}\n{\"a\":NaN}\n" + deep
                + "\n{\"a\":{\"b\":2}}\r\n{\"a\"");

        assertThat(problems).hasSize(8);
        assertThat(problems.get(0)).isEqualTo("1:");
        assertThat(problems.get(1)).isEqualTo("3:is not a JSON object: array");
        assertThat(problems.get(2)).isEqualTo("4:has characters after its object");
        assertThat(problems.get(3)).startsWith("5:is not a valid JSON object: Duplicate");
        assertThat(problems.get(4)).startsWith("6:is not a valid JSON object");
        assertThat(problems.get(5)).startsWith("7:is not a valid JSON object");
        assertThat(problems.get(6)).isEqualTo("8:");
        assertThat(problems.get(7)).startsWith("9:is not a valid JSON object");
    }
}
