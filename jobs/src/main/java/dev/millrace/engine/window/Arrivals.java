package dev.millrace.engine.window;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * When events become known, for all windows that share delay, boundary and creation column. Events come in the order of
 * time; one that was created later waits in a heap until then.
 */
final class Arrivals {
    private record Waiting(long created, long number) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting that) {
            int byMoment = Long.compare(created, that.created);
            return byMoment != 0 ? byMoment : Long.compare(number, that.number);
        }
    }

    private static final int PURGE_ABOVE = 1_024;

    private final long delay;
    private final Boundary boundary;
    private final int created;
    private final List<Span> spans = new ArrayList<>();
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private long next;

    Arrivals(long delay, Boundary boundary, int created) {
        this.delay = delay;
        this.boundary = boundary;
        this.created = created;
    }

    boolean serves(WindowedAggregate wanted) {
        return wanted.delay() == delay && wanted.boundary() == boundary && wanted.created() == created;
    }

    Span span(long window) {
        for (Span span : spans) if (span.window() == window) return span;
        Span made = new Span(window, created != WindowedAggregate.NONE);
        spans.add(made);
        return made;
    }

    void clear() {
        next = 0;
        waiting.clear();
        spans.forEach(Span::clear);
    }

    /** Lets in what is known at {@code now}, and out what is too old. */
    void advance(Events events, long now) {
        long known = now - delay;
        boolean inclusive = boundary == Boundary.INCLUSIVE;
        for (; next < events.end(); next++) {
            long time = events.time(next);
            if (inclusive ? time > known : time >= known) break;
            if (created == WindowedAggregate.NONE || isKnown(events.created(next, created), now)) enter(events, next);
            else if (events.created(next, created) != Long.MAX_VALUE) {
                waiting.add(new Waiting(events.created(next, created), next));
            }
        }
        while (!waiting.isEmpty() && isKnown(waiting.peek().created(), now)) {
            long number = waiting.remove().number();
            if (number >= events.first()) enter(events, number);
        }
        if (waiting.size() > PURGE_ABOVE && waiting.size() > 2 * (events.end() - events.first())) {
            waiting.removeIf(entry -> entry.number() < events.first());
        }
        for (int i = 0; i < spans.size(); i++) spans.get(i).leave(events, next, known, inclusive);
    }

    private boolean isKnown(long moment, long now) {
        return boundary == Boundary.INCLUSIVE ? moment <= now : moment < now;
    }

    private void enter(Events events, long number) {
        for (int i = 0; i < spans.size(); i++) spans.get(i).enter(events, number);
    }

    /** The first event that some window still needs. */
    long firstNeeded() {
        long first = next;
        for (Span span : spans) first = Math.min(first, span.firstNeeded());
        return first;
    }
}
