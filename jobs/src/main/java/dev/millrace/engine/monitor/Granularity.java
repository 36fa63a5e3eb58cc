package dev.millrace.engine.monitor;

import dev.millrace.engine.feature.GridStep;
import dev.millrace.engine.scan.BinCounting;
import dev.millrace.engine.window.Lookback;
import dev.millrace.platform.config.FromText;
import java.time.Duration;

/**
 * The length of the windows of a monitor, in UTC: a fixed time counted from 1970 (from a Monday if it is whole weeks), or
 * calendar months from January on.
 */
public record Granularity(GridStep step) implements BinCounting.Lengths {
    private static final long serialVersionUID = 1L;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis() * 1000;
    private static final long WEEK = Duration.ofDays(7).toMillis() * 1000;
    private static final long MONDAY = Duration.ofDays(4).toMillis() * 1000; // 1970-01-05

    /** @throws IllegalArgumentException for what is no duration of a minute or more and no calendar length */
    @FromText
    public static Granularity parse(String text) {
        GridStep step = GridStep.parse(text);
        if (step.length().months() == 0 && step.length().micros() < MINUTE) {
            throw new IllegalArgumentException("expected at least 1m");
        }
        return new Granularity(step);
    }

    @Override
    public long start(long micros) {
        return step.floor(micros - origin()) + origin();
    }

    @Override
    public long end(long startMicros) {
        return step.next(startMicros);
    }

    /** Start of the window before the one that begins at {@code startMicros}. */
    long previous(long startMicros) {
        return step.length().before(startMicros);
    }

    private long origin() {
        Lookback length = step.length();
        return length.months() == 0 && length.micros() % WEEK == 0 ? MONDAY : 0;
    }

    /** {@code 7 days} or {@code 1 month}, as Databricks' monitoring tables write it. */
    public String text() {
        int months = step.length().months();
        if (months > 0) return months % 12 == 0 ? counted(months / 12, "year") : counted(months, "month");
        long minutes = step.length().micros() / MINUTE;
        if (minutes % 1440 == 0) return counted(minutes / 1440, "day");
        return minutes % 60 == 0 ? counted(minutes / 60, "hour") : counted(minutes, "minute");
    }

    private static String counted(long count, String unit) {
        return count == 1 ? "1 " + unit : count + " " + unit + "s";
    }
}
