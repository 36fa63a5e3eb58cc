package dev.millrace.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {
    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "30s, PT30S",
        "15m, PT15M",
        "15min, PT15M",
        "12h, PT12H",
        "7d, PT168H",
        "2w, PT336H",
        "' 3 d ', PT72H",
        "0s, PT0S"
    })
    void durationsAreNumbersWithAUnit(String text, Duration expected) {
        assertThat(Scalars.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "d", "-1d", "1.5h", "1y", "1d2h", "", "99999999999999999999d", "9223372036854775807w"})
    void otherDurationsAreRefusedInWords(String text) {
        assertThatThrownBy(() -> Scalars.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("duration");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31, 2026-01-31T00:00:00Z",
        "2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z",
        "2026-01-31 12:00:00, 2026-01-31T12:00:00Z",
        "2026-01-31T12:00, 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.25, 2026-01-31T12:00:00.250Z",
        "2026-01-31T12:00:00+02:00, 2026-01-31T10:00:00Z"
    })
    void timesAreUtcUnlessTheySayOtherwise(String text, Instant expected) {
        assertThat(Scalars.instant(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-30", "31.01.2026", "now", "2026-01-31T25:00:00Z", "2026-1-1", ""})
    void otherTimesAreRefusedInWords(String text) {
        assertThatThrownBy(() -> Scalars.instant(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a time such as 2026-01-31");
    }

    @Test
    void namesOfJavaBecomeNamesOfYaml() {
        assertThat(Names.kebab("labelColumn")).isEqualTo("label-column");
        assertThat(Names.kebab("LabelColumn")).isEqualTo("label-column");
        assertThat(Names.kebab("LABEL_COLUMN")).isEqualTo("label-column");
        assertThat(Names.kebab("top10Rows")).isEqualTo("top10-rows");
        assertThat(Names.constants(EveryKind.Pace.class)).containsOnlyKeys("slow-and-steady", "fast");
        assertThat(Names.variants(EveryKind.Choice.class)).containsOnlyKeys("everywhere", "near-to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "db-password", "client_secret", "API-KEY", "apiKey", "access-key", "token"})
    void secretsAreKnownByTheirNames(String key) {
        assertThat(Secrets.isSecret(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "key", "primary-key", "user", "path"})
    void otherKeysAreShown(String key) {
        assertThat(Secrets.isSecret(key)).isFalse();
    }
}
