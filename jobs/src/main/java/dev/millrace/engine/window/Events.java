package dev.millrace.engine.window;

/**
 * The events of one entity that some window may still need, in a ring by number. Numbers begin at 0 with each entity and
 * rise with time; memory is bounded by the events of the longest lookback.
 */
final class Events {
    private final int valueCount;
    private final int createdCount;
    private long[] times = new long[64];
    private long[] created;
    private double[] values;
    private long first;
    private long end;

    Events(int valueCount, int createdCount) {
        this.valueCount = valueCount;
        this.createdCount = createdCount;
        this.created = new long[64 * createdCount];
        this.values = new double[64 * valueCount];
    }

    void clear() {
        first = 0;
        end = 0;
    }

    void add(long time, long[] known, double[] given) {
        if (end - first == times.length) grow();
        int slot = slot(end);
        times[slot] = time;
        System.arraycopy(known, 0, created, slot * createdCount, createdCount);
        System.arraycopy(given, 0, values, slot * valueCount, valueCount);
        end++;
    }

    private int slot(long number) {
        return (int) number & (times.length - 1);
    }

    private void grow() {
        int before = times.length;
        long[] moreTimes = new long[2 * before];
        long[] moreCreated = new long[2 * before * createdCount];
        double[] moreValues = new double[2 * before * valueCount];
        for (long number = first; number < end; number++) {
            int from = slot(number);
            int to = (int) number & (2 * before - 1);
            moreTimes[to] = times[from];
            System.arraycopy(created, from * createdCount, moreCreated, to * createdCount, createdCount);
            System.arraycopy(values, from * valueCount, moreValues, to * valueCount, valueCount);
        }
        times = moreTimes;
        created = moreCreated;
        values = moreValues;
    }

    /** Number of the first event still held. */
    long first() {
        return first;
    }

    /** One more than the number of the last event. */
    long end() {
        return end;
    }

    long time(long number) {
        return times[slot(number)];
    }

    long created(long number, int index) {
        return created[slot(number) * createdCount + index];
    }

    double value(long number, int index) {
        return values[slot(number) * valueCount + index];
    }

    void dropBefore(long number) {
        first = number;
    }
}
