package dev.millrace.engine.window;

import java.io.Serializable;

/**
 * One aggregate of one window. Times and lengths share a unit, microseconds.
 *
 * @param value index of the aggregated value by {@link EventShape}; {@link #NONE} for events themselves
 * @param window how far back it goes
 * @param delay how much later events become known than they happen, not negative
 * @param created index of the moment each event became known; {@link #NONE} when it is known at once. An event counts
 *     only when that moment is before the moment asked about, or equal to it with {@link Boundary#INCLUSIVE}
 * @param replaced index of the moment another event took the place of each, as a corrected label does; {@link #NONE}
 *     when none is. From that moment on, by the same rule, the event does not count
 */
public record WindowedAggregate(
        Aggregate aggregate, int value, Lookback window, long delay, Boundary boundary, int created, int replaced)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    /** No value, or no moment of creation. */
    public static final int NONE = -1;

    public WindowedAggregate {
        if (delay < 0) throw new IllegalArgumentException("a delay is not negative, as " + delay + " is");
        boolean bare = aggregate == Aggregate.COUNT || aggregate == Aggregate.SECONDS_SINCE_LAST;
        if (value == NONE && !bare) throw new IllegalArgumentException(aggregate + " needs a value");
    }
}
