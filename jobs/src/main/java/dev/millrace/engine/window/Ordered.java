package dev.millrace.engine.window;

import java.util.TreeMap;

/** The least and the greatest value where values are no doubles, or may be replaced: holds every different value. */
final class Ordered implements Accumulator {
    private final int value;
    private final TreeMap<Object, Integer> counts = new TreeMap<>();

    Ordered(int value) {
        this.value = value;
    }

    @Override
    public void clear() {
        counts.clear();
    }

    @Override
    public void add(Events events, long number) {
        counts.merge(key(events, number), 1, Integer::sum);
    }

    @Override
    public void remove(Events events, long number) {
        counts.computeIfPresent(key(events, number), (same, count) -> count == 1 ? null : count - 1);
    }

    private Object key(Events events, long number) {
        return events.isExact(value) ? events.exact(number, value) : (Object) events.number(number, value);
    }

    /** Null when there is none; a Double where values are numbers. */
    Object least() {
        return counts.isEmpty() ? null : counts.firstKey();
    }

    /** Null when there is none; a Double where values are numbers. */
    Object greatest() {
        return counts.isEmpty() ? null : counts.lastKey();
    }
}
