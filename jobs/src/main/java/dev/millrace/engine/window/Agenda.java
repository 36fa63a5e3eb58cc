package dev.millrace.engine.window;

import java.util.Arrays;

/** Numbers of events by the moment at which something happens to them; a binary heap of 16 bytes for each. */
final class Agenda {
    private long[] moments = new long[16];
    private long[] numbers = new long[16];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** The earliest moment; {@code Long.MAX_VALUE} when there is none. */
    long next() {
        return size == 0 ? Long.MAX_VALUE : moments[0];
    }

    void add(long moment, long number) {
        if (size == moments.length) {
            moments = Arrays.copyOf(moments, 2 * size);
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        int at = size++;
        while (at > 0 && isBefore(moment, number, (at - 1) >>> 1)) {
            int parent = (at - 1) >>> 1;
            moments[at] = moments[parent];
            numbers[at] = numbers[parent];
            at = parent;
        }
        moments[at] = moment;
        numbers[at] = number;
    }

    /** Removes the earliest, of equal moments the lowest number, and returns its number. */
    long remove() {
        long removed = numbers[0];
        size--;
        sink(moments[size], numbers[size]);
        return removed;
    }

    private void sink(long moment, long number) {
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && isBefore(moments[child + 1], numbers[child + 1], child)) child++;
            if (isBefore(moment, number, child)) break;
            moments[at] = moments[child];
            numbers[at] = numbers[child];
            at = child;
        }
        moments[at] = moment;
        numbers[at] = number;
    }

    private boolean isBefore(long moment, long number, int that) {
        return moment != moments[that] ? moment < moments[that] : number < numbers[that];
    }

    /** Forgets numbers that nobody needs any more. */
    void keepFrom(long number) {
        int before = size;
        size = 0;
        for (int i = 0; i < before; i++) if (numbers[i] >= number) add(moments[i], numbers[i]);
    }
}
