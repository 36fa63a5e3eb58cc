package dev.millrace.engine.window;

/** Counts. */
final class Tally implements Accumulator {
    private long count;

    @Override
    public void clear() {
        count = 0;
    }

    @Override
    public void add(Events events, long number) {
        count++;
    }

    @Override
    public void remove(Events events, long number) {
        count--;
    }

    double count() {
        return count;
    }
}
