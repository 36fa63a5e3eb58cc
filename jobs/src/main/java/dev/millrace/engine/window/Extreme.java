package dev.millrace.engine.window;

/**
 * The greatest (or least) value by a monotonic deque: only values that no later one equals or beats are kept, so each
 * enters and leaves once and the front is the answer. A late event is put where its number belongs.
 */
final class Extreme implements Accumulator {
    private final int value;
    private final double sign;
    private long[] numbers = new long[16];
    private double[] values = new double[16];
    private int front;
    private int size;

    private Extreme(int value, double sign) {
        this.value = value;
        this.sign = sign;
    }

    static Extreme greatest(int value) {
        return new Extreme(value, 1);
    }

    static Extreme least(int value) {
        return new Extreme(value, -1);
    }

    boolean isLeast() {
        return sign < 0;
    }

    @Override
    public void clear() {
        front = 0;
        size = 0;
    }

    @Override
    public void add(Events events, long number) {
        double signed = sign * events.number(number, value);
        int later = size;
        while (later > 0 && numbers[at(later - 1)] > number) later--;
        if (later < size && values[at(later)] >= signed) return;
        int keep = later;
        while (keep > 0 && values[at(keep - 1)] <= signed) keep--;
        replace(keep, later, number, signed);
    }

    /** Puts one entry in the place of those from {@code from} to before {@code to}. */
    private void replace(int from, int to, long number, double value) {
        if (from == to) {
            if (size == numbers.length) grow();
            for (int i = size; i > from; i--) move(i - 1, i);
            size++;
        } else {
            for (int i = to; i < size; i++) move(i, i - to + from + 1);
            size -= to - from - 1;
        }
        numbers[at(from)] = number;
        values[at(from)] = value;
    }

    private void move(int from, int to) {
        numbers[at(to)] = numbers[at(from)];
        values[at(to)] = values[at(from)];
    }

    private int at(int position) {
        return (front + position) & (numbers.length - 1);
    }

    private void grow() {
        long[] moreNumbers = new long[2 * numbers.length];
        double[] moreValues = new double[2 * numbers.length];
        for (int i = 0; i < size; i++) {
            moreNumbers[i] = numbers[at(i)];
            moreValues[i] = values[at(i)];
        }
        numbers = moreNumbers;
        values = moreValues;
        front = 0;
    }

    @Override
    public void remove(Events events, long number) {
        if (size == 0 || numbers[front] != number) return;
        front = at(1);
        size--;
    }

    double value() {
        return size == 0 ? Double.NaN : sign * values[front];
    }
}
