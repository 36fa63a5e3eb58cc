package dev.millrace.engine.window;

/** Counts. */
final class Tally implements Accumulator {
    private long count;

    @Override
    public void clear() {
        count = 0;
    }

    @Override
    public void add(long number, long time, double value) {
        count++;
    }

    @Override
    public void remove(long number, double value) {
        count--;
    }

    double count() {
        return count;
    }
}
