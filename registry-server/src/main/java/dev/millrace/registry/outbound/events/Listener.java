package dev.millrace.registry.outbound.events;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** One open page. What changed is kept as a set until it is sent, so that a burst of writes is one event. */
final class Listener {
    /**
     * Who looks at a page.
     *
     * @param place where the page stands; empty when it does not matter who else is there
     * @param window of the browser, known to nobody else; empty when it is not told
     */
    record Visitor(String place, String name, String window) {}

    /** Where the page's events go. */
    interface Wire {
        /** May block while the other side reads slowly, and throws once it is gone. */
        void send(String event, String json);

        boolean isClosed();

        void close();
    }

    private static final long SECOND_SIGN_MILLIS = 500;

    private final Wire wire;
    private final Set<String> topics;
    private final Visitor visitor;
    private final Set<String> changed = new LinkedHashSet<>();
    private final AtomicBoolean sending = new AtomicBoolean(true); // until it is greeted
    private boolean peopleChanged;
    private long quietSince;
    private boolean signGiven;

    Listener(Wire wire, Set<String> topics, Visitor visitor, long now) {
        this.wire = wire;
        this.topics = Set.copyOf(topics);
        this.visitor = visitor;
        this.quietSince = now;
    }

    Set<String> topics() {
        return topics;
    }

    String place() {
        return visitor.place();
    }

    String name() {
        return visitor.name();
    }

    /** Whether both are of one window of a browser, which has left the page of the other. */
    boolean isOfWindow(Listener other) {
        return !visitor.window().isEmpty() && visitor.window().equals(other.visitor.window());
    }

    boolean isClosed() {
        return wire.isClosed();
    }

    synchronized void note(String topic) {
        changed.add(topic);
    }

    synchronized void notePeople() {
        peopleChanged = true;
    }

    /** What there is to say, taken out; null when there is nothing. */
    synchronized Pending take(long now, long tickMillis) {
        boolean tick = now - quietSince >= tickMillis;
        if (changed.isEmpty() && !peopleChanged && !tick) return null;
        Pending pending = new Pending(List.copyOf(changed), peopleChanged);
        changed.clear();
        peopleChanged = false;
        // Who has gone takes the first sign of life and refuses the second, so signs come in pairs.
        signGiven = tick && !signGiven;
        quietSince = signGiven ? now - tickMillis + SECOND_SIGN_MILLIS : now;
        return pending;
    }

    /** Topics that changed and whether people came or went; both empty: a sign of life. */
    record Pending(List<String> topics, boolean people) {}

    Wire wire() {
        return wire;
    }

    /** One sender at a time; a slow page holds up nobody else. */
    boolean beginSending() {
        return sending.compareAndSet(false, true);
    }

    void endSending() {
        sending.set(false);
    }
}
