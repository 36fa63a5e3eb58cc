package dev.millrace.registry.platform.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps other web pages out of a server that trusts whoever reaches it. The Host header must be a name of this server,
 * so a foreign domain that resolves to 127.0.0.1 (DNS rebinding) gets nothing; a browser's write must come from this
 * server's own pages. One filter before all routes.
 */
public final class Guards {
    private static final Set<String> EXEMPT = Set.of("/health", "/version");
    private static final Set<HandlerType> READS = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);

    /** Told to come by TLS only, a browser would do so for every port of this machine. */
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> names;
    private final boolean anyAddress;

    private Guards(Set<String> names, boolean anyAddress) {
        this.names = names;
        this.anyAddress = anyAddress;
    }

    /** Bound to loopback: only loopback's own names. */
    public static Guards loopback() {
        return new Guards(LOCAL, false);
    }

    /** Bound to a network: also any address (rebinding needs a name) and the given names. */
    public static Guards network(Set<String> names) {
        Set<String> all = new TreeSet<>(Set.of("localhost"));
        names.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        return new Guards(Set.copyOf(all), true);
    }

    public void register(RoutesConfig routes) {
        routes.before(this::check);
        routes.before(http -> {
            http.header("X-Content-Type-Options", "nosniff");
            http.header("X-Frame-Options", "SAMEORIGIN");
            if (http.req().isSecure()
                    && !LOCAL.contains(
                            nameOf(Optional.ofNullable(http.header("Host")).orElse("")))) {
                http.header("Strict-Transport-Security", "max-age=31536000");
            }
        });
    }

    private void check(Context http) {
        if (EXEMPT.contains(http.path())) return;
        String host = http.header("Host");
        if (host == null || !isOurs(nameOf(host))) {
            throw new ForbiddenResponse("Invalid Host header - possible DNS rebinding attack detected. This server"
                    + " answers to " + new TreeSet<>(names) + (anyAddress ? " and to addresses." : "."));
        }
        String origin = http.header("Origin");
        if (origin != null && !READS.contains(http.method()) && !host.equalsIgnoreCase(authority(origin))) {
            throw new ForbiddenResponse("Cross-origin request blocked");
        }
    }

    private boolean isOurs(String name) {
        return names.contains(name) || (anyAddress && (name.startsWith("[") || name.matches("[0-9]+(\\.[0-9]+){3}")));
    }

    private static String nameOf(String host) {
        return host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
    }

    private static String authority(String origin) {
        try {
            String authority = new URI(origin).getAuthority();
            return authority == null ? "" : authority;
        } catch (URISyntaxException opaque) {
            return "";
        }
    }
}
