package dev.millrace.engine.window;

import java.util.HashMap;
import java.util.Map;

/** How often each value is in the window; memory grows with the number of different ones. */
final class Distinct implements Accumulator {
    private final int value;
    private final Map<Object, Integer> counts = new HashMap<>();

    Distinct(int value) {
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
        // -0.0 + 0.0 is 0.0: zeros are equal
        return events.isExact(value) ? events.exact(number, value) : (Object) (events.number(number, value) + 0.0);
    }

    double count() {
        return counts.size();
    }
}
