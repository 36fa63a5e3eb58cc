package dev.millrace.registry.outbound.events;

import dev.millrace.registry.platform.http.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages what changed: only <em>that</em> it changed; the page then asks for it, so events need no history and
 * cannot tell more than the page may see. A topic is {@code run:ID}, {@code experiment:ID}, {@code model:NAME}, {@code
 * drift:NAME}, {@code comments:TARGET}, {@code runs}, {@code experiments}, {@code models} or {@code drift}. A publish
 * costs one look into a map when nobody listens. Thread-safe.
 */
public final class EventHub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);
    /** How long changes gather before they are sent. */
    private static final long GATHER_MILLIS = 150;
    /** How often a silent connection shows a sign of life; a closed one is noticed by it. */
    private static final long TICK_MILLIS = 15_000;

    private static final int SENDERS = 4;
    private static final int MOST = 2_000;

    private final Map<String, Set<Listener>> byTopic = new ConcurrentHashMap<>();
    private final Set<Listener> all = ConcurrentHashMap.newKeySet();
    private final Thread clock = daemon(this::beat, "millrace-events");
    private final ExecutorService senders =
            Executors.newFixedThreadPool(SENDERS, task -> daemon(task, "millrace-send"));
    private final LongSupplier now;
    private volatile boolean closing;

    /** @param now milliseconds that only grow */
    private EventHub(LongSupplier now) {
        this.now = now;
    }

    /** A hub whose clock runs. */
    public static EventHub start(LongSupplier now) {
        EventHub hub = new EventHub(now);
        hub.clock.start();
        return hub;
    }

    private void beat() {
        while (!closing) {
            try {
                TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
                flush();
            } catch (InterruptedException closed) {
                return;
            } catch (RuntimeException failed) {
                if (!closing) LOG.error("events", failed); // the next beat is another try
            }
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * What the same window listened to before is over: that it left is noticed late, and it would see itself beside it.
     *
     * @param listener told that it is {@code ready} before anything else: what changes from then on is told
     * @return false when there are too many already
     */
    boolean add(Listener listener) {
        for (Listener before : all) if (before.isOfWindow(listener)) leave(before);
        if (all.size() >= MOST) return false;
        all.add(listener);
        for (String topic : listener.topics()) {
            byTopic.compute(topic, (key, listeners) -> {
                Set<Listener> some = listeners == null ? ConcurrentHashMap.newKeySet() : listeners;
                some.add(listener);
                return some;
            });
        }
        people(listener.place());
        greet(listener);
        return true;
    }

    private void greet(Listener listener) {
        try {
            listener.wire().send("ready", "{}");
        } catch (RuntimeException gone) {
            remove(listener);
        } finally {
            listener.endSending();
        }
    }

    Listener listener(Listener.Wire wire, Set<String> topics, Listener.Visitor visitor) {
        return new Listener(wire, topics, visitor, now.getAsLong());
    }

    private void leave(Listener listener) {
        remove(listener);
        senders.execute(listener.wire()::close);
    }

    void remove(Listener listener) {
        if (!all.remove(listener)) return;
        for (String topic : listener.topics()) {
            byTopic.computeIfPresent(topic, (key, listeners) -> {
                listeners.remove(listener);
                return listeners.isEmpty() ? null : listeners;
            });
        }
        people(listener.place());
    }

    /** Whether anybody waits for topics of a kind, such as {@code experiment}. */
    boolean isWaitedFor(String kind) {
        return byTopic.keySet().stream().anyMatch(topic -> topic.startsWith(kind + ":"));
    }

    /** Whether anybody listens at all. */
    boolean isIdle() {
        return all.isEmpty();
    }

    /** Says that something changed. Never blocks. */
    public void publish(String topic) {
        Set<Listener> listeners = byTopic.get(topic);
        if (listeners != null) listeners.forEach(listener -> listener.note(topic));
    }

    private void people(String place) {
        if (place.isEmpty()) return;
        for (Listener listener : all) if (listener.place().equals(place)) listener.notePeople();
    }

    private void flush() {
        for (Listener listener : all) {
            if (listener.isClosed()) {
                remove(listener);
                continue;
            }
            if (!listener.beginSending()) continue;
            Listener.Pending pending = listener.take(now.getAsLong(), TICK_MILLIS);
            if (pending == null) listener.endSending();
            else senders.execute(() -> send(listener, pending));
        }
    }

    private void send(Listener listener, Listener.Pending pending) {
        try {
            if (!pending.topics().isEmpty()) {
                listener.wire().send("changed", StrictJson.text(Map.of("topics", pending.topics())));
            }
            if (pending.people()) {
                listener.wire().send("people", StrictJson.text(Map.of("names", at(listener.place()))));
            }
            if (pending.topics().isEmpty() && !pending.people()) listener.wire().send("alive", "{}");
        } catch (RuntimeException gone) {
            remove(listener);
        } finally {
            listener.endSending();
        }
    }

    /** Who is at a place, by name; a name as often as it has pages there. */
    private List<String> at(String place) {
        return all.stream()
                .filter(listener -> listener.place().equals(place))
                .map(Listener::name)
                .sorted()
                .toList();
    }

    /** Ends every page's stream; it comes back when there is a server again. */
    @Override
    public void close() {
        closing = true;
        clock.interrupt();
        senders.shutdownNow();
        for (Listener listener : all) listener.wire().close();
    }
}
