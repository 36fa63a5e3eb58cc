package dev.millrace.engine.window;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** One window: what is in it now, and the accumulators that watch. */
final class Span {
    private record Watched(int value, Accumulator accumulator) {}

    private final Lookback window;
    private final boolean outOfOrder;
    private final List<Watched> watched = new ArrayList<>();
    /** Numbers that are inside, from {@code base} on; only needed when events may enter or leave out of order. */
    private final BitSet inside = new BitSet();

    private Watched[] watchers = new Watched[0];
    private long base;
    private long next;

    Span(Lookback window, boolean outOfOrder) {
        this.window = window;
        this.outOfOrder = outOfOrder;
    }

    Lookback window() {
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
        watchers = watched.toArray(Watched[]::new);
        return fresh;
    }

    void clear() {
        next = 0;
        base = 0;
        inside.clear();
        for (Watched each : watchers) each.accumulator().clear();
    }

    void enter(Events events, long number) {
        if (number < next) return; // it became known when it was already too old
        if (outOfOrder) inside.set(Math.toIntExact(number - base));
        for (Watched each : watchers) {
            if (events.has(number, each.value())) each.accumulator().add(events, number);
        }
    }

    /** Another value takes the place of this one. */
    void replace(Events events, long number) {
        if (number < next || !inside.get(Math.toIntExact(number - base))) return;
        inside.clear(Math.toIntExact(number - base));
        remove(events, number);
    }

    private void remove(Events events, long number) {
        for (Watched each : watchers) {
            if (events.has(number, each.value())) each.accumulator().remove(events, number);
        }
    }

    /** @param end number before which events have come of age */
    void leave(Events events, long end, long known, boolean inclusive) {
        long oldest = window.before(known);
        for (; next < end; next++) {
            long time = events.time(next);
            if (inclusive ? time > oldest : time >= oldest) break;
            if (!outOfOrder || inside.get(Math.toIntExact(next - base))) remove(events, next);
        }
        if (outOfOrder && next - base > 1 << 16) rebase();
    }

    private void rebase() {
        int left = Math.toIntExact(next - base);
        BitSet kept = inside.get(left, Math.max(inside.length(), left));
        inside.clear();
        inside.or(kept);
        base = next;
    }

    long firstNeeded() {
        return next;
    }
}
