package dev.millrace.engine.window;

/** The latest value. Lower numbers leave first, so when it leaves nothing is left. */
final class Latest implements Accumulator {
    private static final double MICROS = 1e6;

    private long number = -1;
    private long time;
    private double value = Double.NaN;

    @Override
    public void clear() {
        number = -1;
        value = Double.NaN;
    }

    @Override
    public void add(long added, long at, double addedValue) {
        if (added <= number) return;
        number = added;
        time = at;
        value = addedValue;
    }

    @Override
    public void remove(long removed, double removedValue) {
        if (removed == number) clear();
    }

    double value() {
        return value;
    }

    double secondsSince(long now) {
        return number < 0 ? Double.NaN : (now - time) / MICROS;
    }
}
