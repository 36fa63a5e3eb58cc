package dev.millrace.registry.platform.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * Gives each request an id, or takes the one it brings as {@code X-Request-Id}; sent back in that header, in problem
 * details, in the audit, and written with every log line about the request.
 */
public final class RequestIds {
    static final String ATTRIBUTE = "millrace.request";
    private static final String HEADER = "X-Request-Id";
    private static final String FIELD = "request_id";
    private static final Pattern TAKEN = Pattern.compile("[A-Za-z0-9._:/+=-]{1,64}");

    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    /** @param prefix tells the requests of one server process from those of another */
    public RequestIds(String prefix) {
        this.prefix = prefix;
    }

    public void register(RoutesConfig routes) {
        routes.before(http -> {
            String id = Optional.ofNullable(http.header(HEADER))
                    .filter(given -> TAKEN.matcher(given).matches())
                    .orElseGet(() -> prefix + "-" + count.incrementAndGet());
            http.attribute(ATTRIBUTE, id);
            http.header(HEADER, id);
            MDC.put(FIELD, id);
        });
    }

    /** Lines of this thread are about no request any more. */
    public static void end() {
        MDC.remove(FIELD);
    }

    /** The id of a request; {@code -} before it has one. */
    public static String of(Context http) {
        String id = http.attribute(ATTRIBUTE);
        return id == null ? "-" : id;
    }

    /** For a log line; control characters of the path cannot break it. */
    static String told(Context http) {
        return http.method() + " " + http.path().replaceAll("\\p{Cntrl}", "?");
    }
}
