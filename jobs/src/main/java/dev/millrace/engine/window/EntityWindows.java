package dev.millrace.engine.window;

import java.util.ArrayList;
import java.util.List;

/**
 * Answers windowed aggregates for one entity after another. Events and questions of an entity come in ascending time;
 * each event enters and leaves each window once, so n events and q questions cost O((n + q) · aggregates), plus O(log n)
 * for each event that was created late. Memory: the events of the longest window and delay of one entity.
 *
 * <pre>{@code
 * windows.begin();
 * windows.add(time, created, values);   // every event up to and including the moment of the question
 * windows.answer(now, results);
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
    private final List<Arrivals> arrivals = new ArrayList<>();
    private final Answer[] answers;
    private long latest;

    /**
     * @param values how many values an event has
     * @param created how many moments of creation an event has
     */
    public EntityWindows(List<WindowedAggregate> wanted, int values, int created) {
        this.events = new Events(values, created);
        this.answers = wanted.stream().map(this::answer).toArray(Answer[]::new);
    }

    private Answer answer(WindowedAggregate wanted) {
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
                Sums sums = span.watch(value, Sums.class, Sums::hasSquares, () -> new Sums(true));
                yield now -> sums.standardDeviation();
            }
            case MIN -> {
                Extreme least = span.watch(value, Extreme.class, Extreme::isLeast, Extreme::least);
                yield now -> least.value();
            }
            case MAX -> {
                Extreme greatest = span.watch(value, Extreme.class, known -> !known.isLeast(), Extreme::greatest);
                yield now -> greatest.value();
            }
            case COUNT_DISTINCT -> {
                Distinct distinct = span.watch(value, Distinct.class, any -> true, Distinct::new);
                yield now -> distinct.count();
            }
            case LAST -> {
                Latest last = span.watch(value, Latest.class, any -> true, Latest::new);
                yield now -> last.value();
            }
            case SECONDS_SINCE_LAST -> {
                Latest last = span.watch(value, Latest.class, any -> true, Latest::new);
                yield last::secondsSince;
            }
        };
    }

    private static Sums sums(Span span, int value) {
        return span.watch(value, Sums.class, any -> true, () -> new Sums(false));
    }

    private Arrivals arrivals(WindowedAggregate wanted) {
        for (Arrivals known : arrivals) if (known.serves(wanted)) return known;
        Arrivals made = new Arrivals(wanted.delay(), wanted.boundary(), wanted.created());
        arrivals.add(made);
        return made;
    }

    /** Forgets the last entity. */
    public void begin() {
        latest = Long.MIN_VALUE;
        events.clear();
        arrivals.forEach(Arrivals::clear);
    }

    /**
     * @param time not before that of any event or question so far
     * @param created when it became known, by index; {@code Long.MAX_VALUE} when it never did
     * @param values NaN where missing
     */
    public void add(long time, long[] created, double[] values) {
        requireOrder(time);
        events.add(time, created, values);
    }

    /**
     * Writes the aggregates as of {@code now} to {@code results}, in the order they were asked for; NaN for an absent
     * one.
     *
     * @param now not before the time of any event or question so far; no event at this very time may be added later
     */
    public void answer(long now, double[] results) {
        requireOrder(now);
        advance(now);
        for (int i = 0; i < answers.length; i++) results[i] = answers[i].at(now);
    }

    private void requireOrder(long time) {
        if (time < latest) throw new IllegalArgumentException("time goes back from " + latest + " to " + time);
        latest = time;
    }

    private void advance(long now) {
        long needed = events.end();
        for (Arrivals each : arrivals) {
            each.advance(events, now);
            needed = Math.min(needed, each.firstNeeded());
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
}
