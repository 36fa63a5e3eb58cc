package dev.millrace.engine.intake;

import java.io.Serializable;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;

/**
 * Times as they are written to the microseconds since 1970 that a table holds. What is not exactly one such moment
 * follows the declared rules and is counted. Years 1 to 9999 only: others cannot be read outside Spark.
 */
final class TimeRules implements Serializable {
    private static final long serialVersionUID = 1L;

    /** 0001-01-01T00:00:00Z. */
    static final long FIRST = -62_135_596_800_000_000L;

    /** 9999-12-31T23:59:59.999999Z. */
    static final long LAST = 253_402_300_799_999_999L;

    private static final long MICROS = 1_000_000L;

    private final ZoneId zone;
    private final OnClockChange onClockChange;
    private final OnFinerTime onFinerTime;

    /** Times of one record that a rule has changed. */
    static final class Account {
        /** Times that the clocks skip or show twice. */
        int resolved;

        /** Times cut to the microsecond. */
        int truncated;

        void clear() {
            resolved = 0;
            truncated = 0;
        }
    }

    /** @param zone of times without offset */
    TimeRules(ZoneId zone, OnClockChange onClockChange, OnFinerTime onFinerTime) {
        this.zone = zone;
        this.onClockChange = onClockChange;
        this.onFinerTime = onFinerTime;
    }

    /** Whether the zone's clocks never change, so that every local time is one moment. */
    boolean isFixed() {
        return zone.getRules().isFixedOffset();
    }

    ZoneId zone() {
        return zone;
    }

    /**
     * @param given the zone or offset written with the time, or null
     * @throws Unfit by a rule, or outside of years 1 to 9999
     */
    long micros(LocalDateTime time, ZoneId given, Account account) throws Unfit {
        int nanos = time.get(ChronoField.NANO_OF_SECOND);
        if (nanos % 1000 != 0) finer(time, account);
        ZoneOffset offset = offset(time, given == null ? zone : given, account);
        long micros = time.toEpochSecond(offset) * MICROS + nanos / 1000;
        if (micros < FIRST || micros > LAST) {
            throw new Unfit(Unfit.TYPE, "is outside the years 1 to 9999 (UTC): " + Cut.shown(time.toString()));
        }
        return micros;
    }

    private void finer(LocalDateTime time, Account account) throws Unfit {
        if (onFinerTime != OnFinerTime.TRUNCATE) {
            throw new Unfit(
                    Unfit.FINER_TIME,
                    "is finer than a microsecond: " + Cut.shown(time.toString())
                            + " (truncated with `on-finer-time: truncate`)");
        }
        account.truncated++;
    }

    private ZoneOffset offset(LocalDateTime time, ZoneId in, Account account) throws Unfit {
        ZoneRules rules = in.getRules();
        if (rules.isFixedOffset()) return rules.getOffset(time);
        List<ZoneOffset> valid = rules.getValidOffsets(time);
        if (valid.size() == 1) return valid.get(0);
        ZoneOffsetTransition change = rules.getTransition(time);
        if (onClockChange != OnClockChange.EARLIER && onClockChange != OnClockChange.LATER) {
            throw new Unfit(
                    Unfit.CLOCK_CHANGE,
                    (change.isGap() ? "does not exist in " : "exists twice in ") + in.getId()
                            + ", where clocks change: "
                            + Cut.shown(time.toString())
                            + " (set `on-clock-change: earlier` or `later`, or use times with offsets)");
        }
        account.resolved++;
        ZoneOffset before = change.getOffsetBefore();
        ZoneOffset after = change.getOffsetAfter();
        // The greater offset gives the earlier moment.
        boolean beforeIsEarlier = before.getTotalSeconds() > after.getTotalSeconds();
        return (onClockChange == OnClockChange.EARLIER) == beforeIsEarlier ? before : after;
    }
}
