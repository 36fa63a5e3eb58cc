package dev.millrace.engine.window;

/** The latest event. Lower numbers leave first, so when it leaves nothing is left. */
final class Latest implements Accumulator, Newest {
    private final int value;
    private long number = -1;
    private long time;
    private double numeric = Double.NaN;
    private Object exact;

    Latest(int value) {
        this.value = value;
    }

    @Override
    public void clear() {
        number = -1;
        numeric = Double.NaN;
        exact = null;
    }

    @Override
    public void add(Events events, long added) {
        if (added <= number) return;
        number = added;
        time = events.time(added);
        if (value == WindowedAggregate.NONE) return;
        if (events.isExact(value)) exact = events.exact(added, value);
        else numeric = events.number(added, value);
    }

    @Override
    public void remove(Events events, long removed) {
        if (removed == number) clear();
    }

    @Override
    public double number() {
        return numeric;
    }

    @Override
    public Object exact() {
        return exact;
    }

    @Override
    public double secondsSince(long now) {
        return number < 0 ? Double.NaN : (now - time) / MICROS;
    }
}
