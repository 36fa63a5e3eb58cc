package dev.millrace.engine.feature;

import dev.millrace.engine.window.Lookback;
import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;

/**
 * The distance of the moments of a grid: a fixed time, counted from 1970-01-01T00:00:00Z, or calendar months from
 * January on, each beginning at midnight UTC of its first day.
 *
 * @param length of a step
 */
public record GridStep(Lookback length) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** @throws IllegalArgumentException for what is neither a duration nor a number of calendar units */
    public static GridStep parse(String text) {
        return new GridStep(WindowLength.parse(text).lookback());
    }

    /** The first moment of the grid at or after another. */
    public long ceiling(long moment) {
        long floor = floor(moment);
        return floor == moment ? moment : next(floor);
    }

    /** The moment of the grid after one of its moments. */
    public long next(long moment) {
        return length.months() == 0
                ? Math.addExact(moment, length.micros())
                : Lookback.plusMonths(moment, length.months());
    }

    /** The last moment of the grid at or before another. */
    public long floor(long moment) {
        if (length.months() == 0) return moment - Math.floorMod(moment, length.micros());
        Instant instant = Instant.EPOCH.plus(moment, ChronoUnit.MICROS);
        long month = instant.atOffset(ZoneOffset.UTC).getLong(ChronoField.PROLEPTIC_MONTH);
        long first = month - Math.floorMod(month, length.months());
        return ChronoUnit.MICROS.between(
                Instant.EPOCH,
                java.time.LocalDate.of((int) Math.floorDiv(first, 12), Math.floorMod(first, 12) + 1, 1)
                        .atStartOfDay()
                        .toInstant(ZoneOffset.UTC));
    }
}
