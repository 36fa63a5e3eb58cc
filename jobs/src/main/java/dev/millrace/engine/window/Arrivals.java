package dev.millrace.engine.window;

import java.util.ArrayList;
import java.util.List;

/**
 * When events become known and are replaced, for all windows that share delay, boundary and those moments. Events come
 * in the order of time; one that was created later waits until then.
 */
final class Arrivals {
    private static final int PURGE_ABOVE = 1_024;

    private final long delay;
    private final boolean inclusive;
    private final int created;
    private final int replaced;
    private final List<Span> spans = new ArrayList<>();
    private final Agenda waiting = new Agenda();
    private final Agenda leaving = new Agenda();
    private long next;

    Arrivals(WindowedAggregate wanted) {
        this.delay = wanted.delay();
        this.inclusive = wanted.boundary() == Boundary.INCLUSIVE;
        this.created = wanted.created();
        this.replaced = wanted.replaced();
    }

    boolean serves(WindowedAggregate wanted) {
        return wanted.delay() == delay
                && wanted.boundary() == Boundary.INCLUSIVE == inclusive
                && wanted.created() == created
                && wanted.replaced() == replaced;
    }

    Span span(Lookback window) {
        for (Span span : spans) if (span.window().equals(window)) return span;
        boolean outOfOrder = created != WindowedAggregate.NONE || replaced != WindowedAggregate.NONE;
        Span made = new Span(window, outOfOrder);
        spans.add(made);
        return made;
    }

    int cursors() {
        return 1 + spans.size();
    }

    void clear() {
        next = 0;
        waiting.clear();
        leaving.clear();
        spans.forEach(Span::clear);
    }

    /** Lets in what is known at {@code now}, and out what was replaced or is too old. */
    void advance(Events events, long now) {
        long known = now - delay;
        for (; next < events.end(); next++) {
            long time = events.time(next);
            if (inclusive ? time > known : time >= known) break;
            if (created == WindowedAggregate.NONE) enter(events, next, now);
            else {
                long moment = events.moment(next, created);
                if (isKnown(moment, now)) enter(events, next, now);
                else if (moment != Long.MAX_VALUE) waiting.add(moment, next);
            }
        }
        while (waiting.size() > 0 && isKnown(waiting.next(), now)) {
            long number = waiting.remove();
            if (number >= events.first()) enter(events, number, now);
        }
        while (leaving.size() > 0 && isKnown(leaving.next(), now)) {
            long number = leaving.remove();
            for (int i = 0; i < spans.size(); i++) spans.get(i).replace(events, number);
        }
        purge(waiting, events);
        purge(leaving, events);
        for (int i = 0; i < spans.size(); i++) spans.get(i).leave(events, next, known, inclusive);
    }

    private static void purge(Agenda agenda, Events events) {
        if (agenda.size() > PURGE_ABOVE && agenda.size() > 2 * (events.end() - events.first())) {
            agenda.keepFrom(events.first());
        }
    }

    private boolean isKnown(long moment, long now) {
        return inclusive ? moment <= now : moment < now;
    }

    private void enter(Events events, long number, long now) {
        if (replaced != WindowedAggregate.NONE) {
            long end = events.moment(number, replaced);
            if (isKnown(end, now)) return;
            if (end != Long.MAX_VALUE) leaving.add(end, number);
        }
        for (int i = 0; i < spans.size(); i++) spans.get(i).enter(events, number);
    }

    /** The first event that some window still needs. */
    long firstNeeded() {
        long first = next;
        for (int i = 0; i < spans.size(); i++)
            first = Math.min(first, spans.get(i).firstNeeded());
        return first;
    }
}
