package dev.millrace.engine.window;

import java.util.HashMap;
import java.util.Map;

/** How often each value is in the window; memory grows with the number of different ones. */
final class Distinct implements Accumulator {
    private final Map<Double, Integer> counts = new HashMap<>();

    @Override
    public void clear() {
        counts.clear();
    }

    @Override
    public void add(long number, long time, double value) {
        counts.merge(value + 0.0, 1, Integer::sum); // -0.0 + 0.0 is 0.0: zeros are equal
    }

    @Override
    public void remove(long number, double value) {
        counts.computeIfPresent(value + 0.0, (key, count) -> count == 1 ? null : count - 1);
    }

    double count() {
        return counts.size();
    }
}
