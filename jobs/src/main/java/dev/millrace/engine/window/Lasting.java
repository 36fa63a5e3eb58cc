package dev.millrace.engine.window;

import java.util.Map;
import java.util.TreeMap;

/** The latest event where any may be replaced: holds every value of the window. */
final class Lasting implements Accumulator, Newest {
    private record Entry(long time, double number, Object exact) {}

    private final int value;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();

    Lasting(int value) {
        this.value = value;
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public void add(Events events, long number) {
        boolean bare = value == WindowedAggregate.NONE;
        boolean isExact = !bare && events.isExact(value);
        double numeric = bare || isExact ? Double.NaN : events.number(number, value);
        entries.put(number, new Entry(events.time(number), numeric, isExact ? events.exact(number, value) : null));
    }

    @Override
    public void remove(Events events, long number) {
        entries.remove(number);
    }

    @Override
    public double number() {
        Map.Entry<Long, Entry> last = entries.lastEntry();
        return last == null ? Double.NaN : last.getValue().number();
    }

    @Override
    public Object exact() {
        Map.Entry<Long, Entry> last = entries.lastEntry();
        return last == null ? null : last.getValue().exact();
    }

    @Override
    public double secondsSince(long now) {
        Map.Entry<Long, Entry> last = entries.lastEntry();
        return last == null ? Double.NaN : (now - last.getValue().time()) / MICROS;
    }
}
