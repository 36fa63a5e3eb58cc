package dev.millrace.engine.window;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** One window: what is in it now, and the accumulators that watch. */
final class Span {
    private record Watched(int value, Accumulator accumulator) {}

    private final long window;
    private final boolean outOfOrder;
    private final List<Watched> watched = new ArrayList<>();
    /** Numbers that entered, from {@code base} on; only needed when events may enter out of order. */
    private final BitSet entered = new BitSet();

    private long base;
    private long next;

    Span(long window, boolean outOfOrder) {
        this.window = window;
        this.outOfOrder = outOfOrder;
    }

    long window() {
        return window;
    }

    /** The accumulator of this kind for this value; made when there is none yet. */
    <A extends Accumulator> A watch(int value, Class<A> kind, Predicate<A> fits, Supplier<A> made) {
        for (Watched each : watched) {
            if (each.value() != value || !kind.isInstance(each.accumulator())) continue;
            A known = kind.cast(each.accumulator());
            if (fits.test(known)) return known;
        }
        A fresh = made.get();
        watched.add(new Watched(value, fresh));
        return fresh;
    }

    void clear() {
        next = 0;
        base = 0;
        entered.clear();
        for (Watched each : watched) each.accumulator().clear();
    }

    void enter(Events events, long number) {
        if (number < next) return; // it became known when it was already too old
        if (outOfOrder) entered.set(Math.toIntExact(number - base));
        long time = events.time(number);
        for (int i = 0; i < watched.size(); i++) {
            Watched each = watched.get(i);
            double value = each.value() == WindowedAggregate.NONE ? 0 : events.value(number, each.value());
            if (!Double.isNaN(value)) each.accumulator().add(number, time, value);
        }
    }

    /** @param end number before which events have come of age */
    void leave(Events events, long end, long known, boolean inclusive) {
        long oldest = known - window;
        for (; next < end; next++) {
            long time = events.time(next);
            if (inclusive ? time > oldest : time >= oldest) break;
            if (outOfOrder && !entered.get(Math.toIntExact(next - base))) continue;
            for (int i = 0; i < watched.size(); i++) {
                Watched each = watched.get(i);
                double value = each.value() == WindowedAggregate.NONE ? 0 : events.value(next, each.value());
                if (!Double.isNaN(value)) each.accumulator().remove(next, value);
            }
        }
        if (outOfOrder && next - base > 1 << 16) rebase();
    }

    private void rebase() {
        BitSet kept =
                entered.get(Math.toIntExact(next - base), Math.max(entered.length(), Math.toIntExact(next - base)));
        entered.clear();
        entered.or(kept);
        base = next;
    }

    long firstNeeded() {
        return next;
    }
}
