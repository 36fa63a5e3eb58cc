package dev.millrace.registry.outbound.events;

import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.page;
import static dev.millrace.registry.security.access.Where.topics;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Excerpt;
import dev.millrace.registry.security.access.Gate;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET /api/v1/events?topic=…&place=…&name=…&window=…}, server-sent events (WHATWG HTML, section 9.2): {@code ready}
 * once the server has noted who listens, {@code changed} with {@code topics}, {@code people} with the {@code names} at the
 * same {@code place}, {@code alive} every 15 seconds.
 */
public final class EventRoutes {
    private static final int MOST_TOPICS = 100;
    private static final int MOST_CHARS = 500;
    /** A place is compared whole, never cut to another. */
    private static final int MOST_PLACE = 4_000;

    private final EventHub hub;

    public EventRoutes(EventHub hub) {
        this.hub = hub;
    }

    public void register(RoutesConfig routes) {
        routes.sse("/api/v1/events", this::listen, view(topics("topic").and(page("place"))));
    }

    private void listen(SseClient client) {
        Context http = client.ctx();
        Set<String> topics = new LinkedHashSet<>(http.queryParams("topic"));
        if (topics.size() > MOST_TOPICS) {
            throw MillraceException.invalid("At most " + MOST_TOPICS + " topics, not " + topics.size() + ".");
        }
        String user = Gate.user(http);
        String name = user.equals("-") ? text(http, "name").orElse("somebody") : user;
        http.header("X-Accel-Buffering", "no");
        String place = Optional.ofNullable(http.queryParam("place")).orElse("");
        if (place.length() > MOST_PLACE) {
            throw MillraceException.invalid(
                    "`place` may have " + MOST_PLACE + " characters, not " + place.length() + ".");
        }
        Listener.Visitor visitor =
                new Listener.Visitor(place, name, text(http, "window").orElse(""));
        Listener listener = hub.listener(new Sse(client), topics, visitor);
        if (!hub.add(listener)) {
            throw new MillraceException(
                    ErrorKind.TEMPORARY, "Too many pages are open to hear of changes. Reload to see them.");
        }
        client.onClose(() -> hub.remove(listener));
        client.keepAlive();
    }

    private static Optional<String> text(Context http, String parameter) {
        return Optional.ofNullable(http.queryParam(parameter)).map(text -> Excerpt.of(text, MOST_CHARS));
    }

    private record Sse(SseClient client) implements Listener.Wire {
        @Override
        public void send(String event, String json) {
            client.sendEvent(event, json);
        }

        @Override
        public boolean isClosed() {
            return client.terminated();
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
