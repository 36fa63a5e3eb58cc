package dev.millrace.registry.platform.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.security.RouteRole;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves the pages from the jar: {@code /} is {@code web/index.html}, {@code /static/…} is {@code web/…}, {@code
 * /webjars/…} are the libraries. Files are read once and kept; their number is that of the jar's.
 */
public final class PageRoutes {
    /** Inline styles: ECharts writes its tooltips with style attributes. No inline script anywhere. */
    private static final String POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
                    + " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    private final Map<String, Resource> read = new ConcurrentHashMap<>();

    /** @param roles of all pages: they hold no data, so that whoever has to sign in sees where */
    public void register(RoutesConfig routes, RouteRole... roles) {
        routes.get("/", http -> serve(http, "web/index.html", "no-cache"), roles);
        routes.get("/favicon.ico", http -> serve(http, "web/favicon.svg", "no-cache"), roles);
        routes.get("/static/<path>", http -> serve(http, "web/" + safe(http), "no-cache"), roles);
        routes.get(
                "/webjars/<path>",
                http -> serve(http, "META-INF/resources/webjars/" + safe(http), "public, max-age=31536000, immutable"),
                roles);
    }

    private static String safe(Context http) {
        return SafePath.require(http.pathParam("path"));
    }

    private void serve(Context http, String name, String caching) {
        Resource resource = found(name).orElseThrow(NotFoundResponse::new);
        http.header("Content-Security-Policy", POLICY);
        http.header("Referrer-Policy", "same-origin");
        http.header("Cache-Control", caching);
        http.header("ETag", resource.etag);
        if (resource.etag.equals(http.header("If-None-Match"))) {
            http.status(304);
            return;
        }
        http.contentType(ContentTypes.of(name)).result(resource.bytes);
    }

    private Optional<Resource> found(String name) {
        Resource known = read.get(name);
        if (known != null) return Optional.of(known);
        try (InputStream in = PageRoutes.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null || name.endsWith("/")) return Optional.empty();
            Resource fresh = new Resource(in.readAllBytes());
            read.put(name, fresh);
            return Optional.of(fresh);
        } catch (IOException unreadable) {
            throw new IllegalStateException("The page " + name + " cannot be read", unreadable);
        }
    }

    private static final class Resource {
        private final byte[] bytes;
        private final String etag;

        Resource(byte[] bytes) {
            this.bytes = bytes;
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                this.etag = "\"" + HexFormat.of().formatHex(digest, 0, 10) + "\"";
            } catch (NoSuchAlgorithmException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
