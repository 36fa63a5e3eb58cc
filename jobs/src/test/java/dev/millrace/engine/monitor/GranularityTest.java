package dev.millrace.engine.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GranularityTest {
    private static long micros(String instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
    }

    private static String printed(long micros) {
        return MonitorRows.instant(micros).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "1d,      2024-02-29T13:00:00Z, 2024-02-28T00:00:00Z, 2024-02-29T00:00:00Z, 2024-03-01T00:00:00Z",
        "24h,     2024-02-29T13:00:00Z, 2024-02-28T00:00:00Z, 2024-02-29T00:00:00Z, 2024-03-01T00:00:00Z",
        "7d,      2024-02-29T13:00:00Z, 2024-02-19T00:00:00Z, 2024-02-26T00:00:00Z, 2024-03-04T00:00:00Z",
        "7d,      1969-12-31T23:59:59Z, 1969-12-22T00:00:00Z, 1969-12-29T00:00:00Z, 1970-01-05T00:00:00Z",
        "month,   2024-02-29T13:00:00Z, 2024-01-01T00:00:00Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "month,   2024-02-01T00:00:00Z, 2024-01-01T00:00:00Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "quarter, 2024-02-29T13:00:00Z, 2023-10-01T00:00:00Z, 2024-01-01T00:00:00Z, 2024-04-01T00:00:00Z",
        "year,    1969-06-01T00:00:00Z, 1968-01-01T00:00:00Z, 1969-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
    })
    void everyMomentIsInOneWindow(String length, String moment, String previous, String start, String end) {
        Granularity granularity = Granularity.parse(length);

        long found = granularity.start(micros(moment));

        assertThat(printed(found)).isEqualTo(start);
        assertThat(printed(granularity.end(found))).isEqualTo(end);
        assertThat(printed(granularity.previous(found))).isEqualTo(previous);
        assertThat(granularity.start(granularity.end(found) - 1)).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({
        "1d, 1 day",
        "7d, 7 days",
        "1h, 1 hour",
        "90m, 90 minutes",
        "month, 1 month",
        "quarter, 3 months",
        "2year, 2 years"
    })
    void itReadsAsInDatabricksTables(String length, String text) {
        assertThat(Granularity.parse(length).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30s", "0d", "0month", "soon"})
    void whatIsNoLengthIsRefused(String length) {
        assertThatThrownBy(() -> Granularity.parse(length)).isInstanceOf(IllegalArgumentException.class);
    }
}
