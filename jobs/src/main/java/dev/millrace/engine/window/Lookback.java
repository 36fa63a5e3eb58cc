package dev.millrace.engine.window;

import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * How far a window goes back: a fixed time, or whole calendar months in UTC (three for a quarter, twelve for a year). A
 * month before 31 March is 28 or 29 February, as in java.time.
 *
 * @param micros microseconds; 0 with {@code months}
 * @param months calendar months; 0 with {@code micros}
 */
public record Lookback(long micros, int months) implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long LONGEST_MONTH = 31 * 86_400 * MICROS_PER_SECOND;

    public Lookback {
        if (micros < 0 || months < 0 || micros == 0 == (months == 0)) {
            throw new IllegalArgumentException(
                    "a window has a positive length, not " + micros + " microseconds and " + months + " months");
        }
    }

    /** A fixed time. */
    public static Lookback ofMicros(long micros) {
        return new Lookback(micros, 0);
    }

    /** Calendar months. */
    public static Lookback ofMonths(int months) {
        return new Lookback(0, months);
    }

    /** The moment so far before another; never falls while {@code moment} rises. */
    public long before(long moment) {
        return months == 0 ? moment - micros : plusMonths(moment, -months);
    }

    /** The longest that it can be, in microseconds. */
    public long longestMicros() {
        return months == 0 ? micros : Math.multiplyExact(LONGEST_MONTH, months);
    }

    /** A moment moved by calendar months in UTC. */
    public static long plusMonths(long moment, long months) {
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(moment, MICROS_PER_SECOND))
                .plusNanos(Math.floorMod(moment, MICROS_PER_SECOND) * 1_000);
        Instant moved = instant.atOffset(ZoneOffset.UTC).plusMonths(months).toInstant();
        return ChronoUnit.MICROS.between(Instant.EPOCH, moved);
    }
}
