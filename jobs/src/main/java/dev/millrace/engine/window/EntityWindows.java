package dev.millrace.engine.window;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * Answers windowed aggregates for one entity after another. Events and questions of an entity come in ascending time;
 * each event enters and leaves each window once, so n events and q questions cost O((n + q) · aggregates), plus O(log n)
 * for each event that was created late or replaced.
 *
 * <p>Memory: the events of the longest window and delay of one entity, as far as {@link SpillSpace} allows; further ones
 * are on disk. Not bounded by it: 16 bytes for each event that is not known yet and for each of a run of falling
 * (rising) values of a maximum (minimum), the different values of {@code COUNT_DISTINCT} and of minima and maxima that
 * are no doubles, and for minima, maxima and last values that can be replaced, all of them in the window.
 *
 * <pre>{@code
 * windows.begin();
 * windows.add(time, moments, doubles, exacts);   // every event up to and including the moment of the question
 * windows.answer(now, results, exacts);
 * }</pre>
 *
 * <p>Sums are exact and rounded once, so a result depends on what is in the window, not on what was in it before or on
 * the order of equal times. Not thread-safe.
 */
public final class EntityWindows {
    private interface Answer {
        double at(long now);
    }

    private final Events events;
    private final EventShape shape;
    private final List<Arrivals> arrivals = new ArrayList<>();
    private final Answer[] answers;
    private final List<Supplier<Object>> exactAnswers;
    private final boolean seesItsMoment;
    private long latest;

    /** @param space where events go that do not fit into memory; closed by the caller */
    public EntityWindows(List<WindowedAggregate> wanted, EventShape shape, SpillSpace space) {
        this.shape = shape;
        this.exactAnswers = new ArrayList<>(Collections.nCopies(wanted.size(), null));
        this.answers = new Answer[wanted.size()];
        for (int i = 0; i < answers.length; i++) answers[i] = answer(wanted.get(i), i);
        this.seesItsMoment =
                wanted.stream().anyMatch(each -> each.boundary() == Boundary.INCLUSIVE && each.delay() == 0);
        this.events = new Events(
                shape, space, arrivals.stream().mapToInt(Arrivals::cursors).sum());
    }

    private Answer answer(WindowedAggregate wanted, int index) {
        Span span = arrivals(wanted).span(wanted.window());
        int value = wanted.value();
        return switch (wanted.aggregate()) {
            case COUNT -> {
                Tally tally = span.watch(value, Tally.class, any -> true, Tally::new);
                yield now -> tally.count();
            }
            case SUM -> {
                Sums sums = sums(span, value);
                yield now -> sums.sum();
            }
            case MEAN -> {
                Sums sums = sums(span, value);
                yield now -> sums.mean();
            }
            case STDDEV -> {
                Sums sums = span.watch(value, Sums.class, Sums::hasSquares, () -> new Sums(value, true));
                yield now -> sums.standardDeviation();
            }
            case MIN, MAX -> extreme(span, wanted, index);
            case COUNT_DISTINCT -> {
                Distinct distinct = span.watch(value, Distinct.class, any -> true, () -> new Distinct(value));
                yield now -> distinct.count();
            }
            case LAST -> {
                Newest last = newest(span, wanted);
                if (isExact(value)) exactAnswers.set(index, last::exact);
                yield now -> last.number();
            }
            case SECONDS_SINCE_LAST -> newest(span, wanted)::secondsSince;
        };
    }

    private boolean isExact(int value) {
        return value >= shape.doubles();
    }

    private static Sums sums(Span span, int value) {
        return span.watch(value, Sums.class, any -> true, () -> new Sums(value, false));
    }

    private Answer extreme(Span span, WindowedAggregate wanted, int index) {
        int value = wanted.value();
        boolean isLeast = wanted.aggregate() == Aggregate.MIN;
        if (!isExact(value) && wanted.replaced() == WindowedAggregate.NONE) {
            Extreme extreme = span.watch(
                    value,
                    Extreme.class,
                    known -> known.isLeast() == isLeast,
                    () -> isLeast ? Extreme.least(value) : Extreme.greatest(value));
            return now -> extreme.value();
        }
        Ordered ordered = span.watch(value, Ordered.class, any -> true, () -> new Ordered(value));
        Supplier<Object> found = isLeast ? ordered::least : ordered::greatest;
        if (isExact(value)) {
            exactAnswers.set(index, found);
            return now -> Double.NaN;
        }
        return now -> found.get() instanceof Double number ? number : Double.NaN;
    }

    private static Newest newest(Span span, WindowedAggregate wanted) {
        int value = wanted.value();
        return wanted.replaced() == WindowedAggregate.NONE
                ? span.watch(value, Latest.class, any -> true, () -> new Latest(value))
                : span.watch(value, Lasting.class, any -> true, () -> new Lasting(value));
    }

    private Arrivals arrivals(WindowedAggregate wanted) {
        for (Arrivals known : arrivals) if (known.serves(wanted)) return known;
        Arrivals made = new Arrivals(wanted);
        arrivals.add(made);
        return made;
    }

    /**
     * Whether some aggregate counts events at the very moment of a question: then all of them must be added before. If
     * not, questions and events of a moment may come in any order.
     */
    public boolean seesItsMoment() {
        return seesItsMoment;
    }

    /** Forgets the last entity. */
    public void begin() {
        latest = Long.MIN_VALUE;
        events.clear();
        arrivals.forEach(Arrivals::clear);
    }

    /**
     * @param time not before that of any event or question so far
     * @param moments when it became known or was replaced, by index; {@code Long.MAX_VALUE} for never
     * @param doubles NaN where missing
     * @param exacts Long, BigDecimal or {@link Text}; null where missing
     */
    public void add(long time, long[] moments, double[] doubles, Object[] exacts) {
        requireOrder(time);
        events.add(time, moments, doubles, exacts);
    }

    /**
     * Writes the aggregates as of {@code now}, in the order they were asked for: numbers to {@code results}, NaN for an
     * absent one; minima, maxima and last values that are no numbers to {@code exacts}, null for an absent one.
     *
     * @param now not before the time of any event or question so far; no event at this very time may be added later if
     *     {@link #seesItsMoment}
     */
    public void answer(long now, double[] results, Object[] exacts) {
        requireOrder(now);
        advance(now);
        for (int i = 0; i < answers.length; i++) results[i] = answers[i].at(now);
        for (int i = 0; i < answers.length; i++) {
            Supplier<Object> exact = exactAnswers.get(i);
            exacts[i] = exact == null ? null : exact.get();
        }
    }

    private void requireOrder(long time) {
        if (time < latest) throw new IllegalArgumentException("time goes back from " + latest + " to " + time);
        latest = time;
    }

    private void advance(long now) {
        long needed = events.end();
        for (int i = 0; i < arrivals.size(); i++) {
            arrivals.get(i).advance(events, now);
            needed = Math.min(needed, arrivals.get(i).firstNeeded());
        }
        events.dropBefore(needed);
    }

    /** Whether, at the last question, every event had left every window for good. */
    public boolean isEmpty() {
        for (Arrivals each : arrivals) if (each.firstNeeded() < events.end()) return false;
        return true;
    }

    /** Events held now, for windows that may still need them. */
    long held() {
        return events.end() - events.first();
    }

    /** Memory that they take. */
    long residentBytes() {
        return events.residentBytes();
    }
}
