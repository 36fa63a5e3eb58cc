package dev.millrace.engine.window;

import java.io.Serializable;

/**
 * One aggregate of one window. Times and lengths share a unit, microseconds.
 *
 * @param value index of the aggregated value; {@link #NONE} for events themselves
 * @param window length, positive
 * @param delay how much later events become known than they happen, not negative
 * @param created index of the moment each event became known; {@link #NONE} when it is known at once. An event counts
 *     only when that moment is before the moment asked about, or equal to it with {@link Boundary#INCLUSIVE}
 */
public record WindowedAggregate(Aggregate aggregate, int value, long window, long delay, Boundary boundary, int created)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    /** No value, or no moment of creation. */
    public static final int NONE = -1;

    public WindowedAggregate {
        if (window <= 0) throw new IllegalArgumentException("a window is longer than nothing, not " + window);
        if (delay < 0) throw new IllegalArgumentException("a delay is not negative, as " + delay + " is");
        boolean bare = aggregate == Aggregate.COUNT || aggregate == Aggregate.SECONDS_SINCE_LAST;
        if (value == NONE && !bare) throw new IllegalArgumentException(aggregate + " needs a value");
    }
}
