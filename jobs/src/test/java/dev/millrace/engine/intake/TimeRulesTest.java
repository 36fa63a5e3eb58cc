package dev.millrace.engine.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeRulesTest {
    private final TimeRules.Account account = new TimeRules.Account();

    private Instant instant(String zone, OnClockChange rule, String time) throws Unfit {
        TimeRules rules = new TimeRules(ZoneId.of(zone), rule, OnFinerTime.TRUNCATE);
        return Instant.EPOCH.plus(rules.micros(LocalDateTime.parse(time), null, account), ChronoUnit.MICROS);
    }

    /** The moments that Python's zoneinfo gives by fold=0 and fold=1, ordered. */
    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2024-03-10T02:30:00, 2024-03-10T06:30:00Z, 2024-03-10T07:30:00Z",
        "America/New_York, 2024-11-03T01:30:00, 2024-11-03T05:30:00Z, 2024-11-03T06:30:00Z",
        "Europe/Berlin, 2024-03-31T02:30:00, 2024-03-31T00:30:00Z, 2024-03-31T01:30:00Z",
        "Australia/Lord_Howe, 2024-04-07T01:45:00, 2024-04-06T14:45:00Z, 2024-04-06T15:15:00Z",
        "Pacific/Apia, 2011-12-30T12:00:00, 2011-12-29T22:00:00Z, 2011-12-30T22:00:00Z"
    })
    void aSkippedOrDoubledTimeIsOneOfItsTwoMoments(String zone, String time, Instant earlier, Instant later)
            throws Unfit {
        assertThat(instant(zone, OnClockChange.EARLIER, time)).isEqualTo(earlier);
        assertThat(instant(zone, OnClockChange.LATER, time)).isEqualTo(later);
        assertThat(account.resolved).isEqualTo(2);
        assertThatThrownBy(() -> instant(zone, OnClockChange.QUARANTINE, time))
                .isInstanceOfSatisfying(
                        Unfit.class, unfit -> assertThat(unfit.rule()).isEqualTo("clock-change"))
                .hasMessageContaining(zone);
    }

    @Test
    void otherTimesAreNotCounted() throws Unfit {
        assertThat(instant("Europe/Berlin", OnClockChange.EARLIER, "2024-07-01T12:00:00"))
                .isEqualTo(Instant.parse("2024-07-01T10:00:00Z"));
        assertThat(account.resolved).isZero();
        assertThat(account.truncated).isZero();
    }

    @Test
    void finerTimesAreCutDownwardsOrRefused() throws Unfit {
        assertThat(instant("UTC", OnClockChange.ERROR, "1969-12-31T23:59:59.999999999"))
                .isEqualTo(Instant.parse("1969-12-31T23:59:59.999999Z"));
        assertThat(account.truncated).isEqualTo(1);
        TimeRules strict = new TimeRules(ZoneOffset.UTC, OnClockChange.ERROR, OnFinerTime.QUARANTINE);
        assertThatThrownBy(() -> strict.micros(LocalDateTime.parse("2024-01-01T00:00:00.0000001"), null, account))
                .isInstanceOfSatisfying(
                        Unfit.class, unfit -> assertThat(unfit.rule()).isEqualTo("finer-time"));
    }

    @Test
    void momentsOutsideOfYears1To9999AreRefused() throws Unfit {
        assertThat(instant("UTC", OnClockChange.ERROR, "0001-01-01T00:00:00")).isEqualTo("0001-01-01T00:00:00Z");
        assertThat(instant("UTC", OnClockChange.ERROR, "9999-12-31T23:59:59.999999"))
                .isEqualTo("9999-12-31T23:59:59.999999Z");
        assertThatThrownBy(() -> instant("America/New_York", OnClockChange.ERROR, "9999-12-31T23:59:59"))
                .hasMessageContaining("years 1 to 9999");
        assertThatThrownBy(() -> instant("Europe/Berlin", OnClockChange.ERROR, "0001-01-01T00:00:00"))
                .hasMessageContaining("years 1 to 9999");
    }
}
