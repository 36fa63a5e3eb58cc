package dev.millrace.registry.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.concurrent.atomic.AtomicLong;

/** Gives each request an id, sent as {@code X-Request-Id} and written with every log line about it. */
public final class RequestIds {
    private static final String ATTRIBUTE = "millrace.request";

    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    /** @param prefix tells the requests of one server process from those of another */
    public RequestIds(String prefix) {
        this.prefix = prefix;
    }

    public void register(RoutesConfig routes) {
        routes.before(http -> {
            String id = prefix + "-" + count.incrementAndGet();
            http.attribute(ATTRIBUTE, id);
            http.header("X-Request-Id", id);
        });
    }

    /** The id of a request; {@code -} before it has one. */
    public static String of(Context http) {
        String id = http.attribute(ATTRIBUTE);
        return id == null ? "-" : id;
    }

    /** For a log line; control characters of the path cannot break it. */
    static String told(Context http) {
        return "request_id=" + of(http) + " " + http.method() + " "
                + http.path().replaceAll("\\p{Cntrl}", "?");
    }
}
