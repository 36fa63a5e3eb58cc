package dev.millrace.engine.window;

import dev.millrace.engine.numeric.DoubleDouble;
import dev.millrace.engine.numeric.ExactSum;

/** Sum, mean and, where asked for, standard deviation. Infinities are no part of moments and are passed over. */
final class Sums implements Accumulator {
    private final int value;
    private final boolean squares;
    private final ExactSum sum = new ExactSum();
    private final ExactSum sumOfSquares = new ExactSum();
    private long count;

    /** @param squares whether a standard deviation will be asked for */
    Sums(int value, boolean squares) {
        this.value = value;
        this.squares = squares;
    }

    boolean hasSquares() {
        return squares;
    }

    @Override
    public void clear() {
        count = 0;
        sum.clear();
        sumOfSquares.clear();
    }

    @Override
    public void add(Events events, long number) {
        double added = events.number(number, value);
        if (Double.isInfinite(added)) return;
        count++;
        sum.add(added);
        if (!squares) return;
        if (Double.isInfinite(added * added)) return;
        sumOfSquares.addProduct(added, added);
    }

    @Override
    public void remove(Events events, long number) {
        double removed = events.number(number, value);
        if (Double.isInfinite(removed)) return;
        if (--count == 0) {
            clear();
            return;
        }
        sum.subtract(removed);
        if (!squares) return;
        double square = removed * removed;
        if (Double.isInfinite(square)) return;
        sumOfSquares.subtract(square);
        sumOfSquares.subtract(Math.fma(removed, removed, -square));
    }

    /** NaN when there is nothing, as in SQL; so are the next two. */
    double sum() {
        return count == 0 ? Double.NaN : sum.parts().high();
    }

    double mean() {
        return count == 0 ? Double.NaN : sum.parts().over((double) count);
    }

    /** (n Σx² − (Σx)²) / (n (n − 1)): both sums are exact, the difference has 32 digits. */
    double standardDeviation() {
        if (count < 2) return Double.NaN;
        DoubleDouble total = sum.parts();
        DoubleDouble spread = sumOfSquares.parts().times((double) count).minus(total.times(total));
        return Math.sqrt(Math.max(0, spread.over((double) count * (count - 1))));
    }
}
