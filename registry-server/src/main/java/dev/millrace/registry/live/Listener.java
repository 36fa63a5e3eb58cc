package dev.millrace.registry.live;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** One open page. What changed is kept as a set until it is sent, so that a burst of writes is one event. */
final class Listener {
    /** Where the page's events go. */
    interface Wire {
        /** May block while the other side reads slowly, and throws once it is gone. */
        void send(String event, String json);

        boolean isClosed();

        void close();
    }

    private final Wire wire;
    private final Set<String> topics;
    private final String place;
    private final String name;
    private final Set<String> changed = new LinkedHashSet<>();
    private final AtomicBoolean sending = new AtomicBoolean();
    private boolean peopleChanged;
    private long quietSince;

    Listener(Wire wire, Set<String> topics, String place, String name, long now) {
        this.wire = wire;
        this.topics = Set.copyOf(topics);
        this.place = place;
        this.name = name;
        this.quietSince = now;
    }

    Set<String> topics() {
        return topics;
    }

    String place() {
        return place;
    }

    String name() {
        return name;
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
        quietSince = now;
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
